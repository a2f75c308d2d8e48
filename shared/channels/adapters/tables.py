"""The table of the connections, and the aggregate mapped to it."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.channels.domain.connection import Connection, Status
from shared.infrastructure.database import mappers, metadata, one_of, word

channel_connections = Table(
    "channel_connections",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("channel", String(50), nullable=False),
    Column("external_account_id", String(500), nullable=False),
    Column("display_name", String(200), nullable=False),
    Column("account_username", String(200), nullable=False),
    Column("account_url", Text),
    Column("account_avatar", Text),
    Column("limits", JSONB, nullable=False),
    Column("status", word(Status), nullable=False),
    Column("error_message", Text),
    Column("credentials", LargeBinary),
    Column("credentials_key_id", String(50)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("last_used_at", DateTime(timezone=True)),
    Column("disconnected_at", DateTime(timezone=True)),
    Column("lateness_minutes", Integer, nullable=False, server_default=text("60")),
    Column("minimum_gap_seconds", Integer, nullable=False, server_default=text("0")),
    Column("daily_cap", Integer),
    Column("token_expires_at", DateTime(timezone=True)),
    Column("next_refresh_at", DateTime(timezone=True)),
    Column("refresh_attempts", Integer, nullable=False, server_default=text("0")),
    Column("refresh_lease_until", DateTime(timezone=True)),
    Column("application_id", Uuid),
    Column("grant_id", Uuid),
    one_of("status", Status),
    CheckConstraint(
        "(status = 'disconnected') = (credentials IS NULL)"
        " AND (credentials IS NULL) = (credentials_key_id IS NULL)",
        name="credentials",
    ),
    CheckConstraint(
        "(status = 'disconnected') = (disconnected_at IS NOT NULL)", name="disconnected_at"
    ),
    CheckConstraint("lateness_minutes >= 1", name="lateness_minutes"),
    CheckConstraint("minimum_gap_seconds >= 0", name="minimum_gap_seconds"),
    CheckConstraint("daily_cap >= 1", name="daily_cap"),
    Index(
        "ix_channel_connections_next_refresh_at",
        "next_refresh_at",
        postgresql_where=text("next_refresh_at IS NOT NULL"),
    ),
    Index(
        "ix_channel_connections_grant_id",
        "grant_id",
        postgresql_where=text("grant_id IS NOT NULL"),
    ),
    UniqueConstraint(
        "organization_id",
        "channel",
        "external_account_id",
        name="uq_channel_connections_account",
    ),
)

mappers.map_imperatively(Connection, channel_connections)
