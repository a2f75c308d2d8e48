"""The tables of what people and programs prove themselves with, beside passwords."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.identity.domain.api_key import ApiKey
from shared.identity.domain.external_identity import ExternalIdentity
from shared.identity.domain.one_time_token import OneTimeToken, TokenPurpose
from shared.identity.domain.passkey import Passkey
from shared.identity.domain.recovery_code import RecoveryCode
from shared.identity.domain.totp_secret import TotpSecret
from shared.infrastructure.database import mappers, metadata, one_of, word

one_time_tokens = Table(
    "one_time_tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("purpose", word(TokenPurpose), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("user_id", ForeignKey("users.id"), index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
    Column("used_at", DateTime(timezone=True)),
    Column("details", JSONB, nullable=False),
    one_of("purpose", TokenPurpose),
)

external_identities = Table(
    "external_identities",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("provider", String(60), nullable=False),
    Column("issuer", Text, nullable=False),
    Column("subject", String(255), nullable=False),
    Column("email", String(254), nullable=False),
    Column("name", String(255)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_used_at", DateTime(timezone=True)),
    UniqueConstraint("issuer", "subject"),
    UniqueConstraint("user_id", "provider"),
)

totp_secrets = Table(
    "totp_secrets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, unique=True),
    Column("key_id", String(60), nullable=False),
    Column("sealed_secret", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("confirmed_at", DateTime(timezone=True)),
    Column("last_step", BigInteger, comment="the time step last used, so that no code works twice"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("code_hash", String(64), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    UniqueConstraint("user_id", "code_hash"),
)

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("credential_id", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("name", String(255), nullable=False),
    Column("transports", ARRAY(String(20)), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_used_at", DateTime(timezone=True)),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False, comment="who the key acts as"),
    Column("name", String(255), nullable=False),
    Column("prefix", String(20), nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("scopes", ARRAY(String(80)), nullable=False),
    Column("channels", ARRAY(String(60)), comment="the only channels it may use; null for all"),
    Column("created_by", ForeignKey("users.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True)),
    Column("last_used_at", DateTime(timezone=True)),
    Column("last_used_address", String(45)),
    Column("revoked_at", DateTime(timezone=True)),
    Column("revoked_by", ForeignKey("users.id")),
    CheckConstraint("expires_at - created_at <= interval '3653 days'", name="expires_at"),
    Index(None, "organization_id", "created_at"),
    Index("ix_api_keys_user_id", "user_id", postgresql_where=text("revoked_at IS NULL")),
)

mappers.map_imperatively(ApiKey, api_keys)
mappers.map_imperatively(OneTimeToken, one_time_tokens)
mappers.map_imperatively(ExternalIdentity, external_identities)
mappers.map_imperatively(TotpSecret, totp_secrets)
mappers.map_imperatively(RecoveryCode, recovery_codes)
mappers.map_imperatively(Passkey, passkeys)
