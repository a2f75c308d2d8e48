"""Identity's tables and the mapping of its aggregates onto them."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from shared.identity.domain.organization import Membership, Organization, SessionPolicy
from shared.identity.domain.roles import Role
from shared.identity.domain.user import AuthMethod, User, UserStatus
from shared.identity.domain.user_session import SessionEnd, UserSession
from shared.infrastructure.database import mappers, metadata, one_of, word

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", String(254), nullable=False),
    Column("password_hash", Text),
    Column("name", String(255), nullable=False),
    Column("avatar_url", Text),
    Column("auth_method", word(AuthMethod), nullable=False),
    Column("status", word(UserStatus), nullable=False),
    Column("is_root", Boolean, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("locale", String(35), nullable=False),
    Column("approved_by", ForeignKey("users.id")),
    Column("approved_at", DateTime(timezone=True)),
    Column("rejected_by", ForeignKey("users.id")),
    Column("rejected_at", DateTime(timezone=True)),
    Column("email_verified_at", DateTime(timezone=True)),
    Column("password_changed_at", DateTime(timezone=True)),
    Column("last_login_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("deleted_at", DateTime(timezone=True)),
    one_of("auth_method", AuthMethod),
    one_of("status", UserStatus),
    Index("uq_users_live_email", "email", unique=True, postgresql_where=text("deleted_at IS NULL")),
    Index("ix_users_status", "status", postgresql_where=text("deleted_at IS NULL")),
)

organizations = Table(
    "organizations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String(255), nullable=False),
    Column(
        "session_policy", word(SessionPolicy), nullable=False, server_default=text("'multiple'")
    ),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    one_of("session_policy", SessionPolicy),
)

memberships = Table(
    "memberships",
    metadata,
    Column("organization_id", ForeignKey("organizations.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("role", word(Role), nullable=False),
    Column("custom_role_id", ForeignKey("custom_roles.id"), index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    one_of("role", Role),
)

user_sessions = Table(
    "user_sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("refresh_token_hash", String(64), nullable=False),
    Column("user_agent", String(255), nullable=False),
    Column("address", String(45), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("end_kind", word(SessionEnd)),
    Column(
        "version",
        Integer,
        nullable=False,
        server_default=text("0"),
        comment="how many sessions the user had opened by then; clients may hold it against ours",
    ),
    one_of("end_kind", SessionEnd),
    Index("ix_user_sessions_user_id", "user_id", postgresql_where=text("ended_at IS NULL")),
    Index(None, "user_id", "version"),
)

limit_counters = Table(
    "limit_counters",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
)
"""What `limits` counts while the cache is down; keys are hashes of accounts and addresses."""

mappers.map_imperatively(User, users)
mappers.map_imperatively(Organization, organizations)
mappers.map_imperatively(Membership, memberships)
mappers.map_imperatively(UserSession, user_sessions)
