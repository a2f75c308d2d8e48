"""The tables of applications at networks, and of whoever is on the way to connect through one."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from shared.channels.domain.journey import REDIRECT_LENGTH, Journey, Stage
from shared.channels.domain.kept_application import SERVER_LENGTH
from shared.infrastructure.database import mappers, metadata, one_of, word

channel_applications = Table(
    "channel_applications",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("channel", String(50), nullable=False),
    Column("server", String(SERVER_LENGTH), nullable=False),
    Column("client_id_masked", String(20), nullable=False),
    Column("credentials", LargeBinary, nullable=False),
    Column("credentials_key_id", String(50), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint(
        "organization_id", "channel", name="uq_channel_applications_organization_id_channel"
    ),
)

platform_applications = Table(
    "platform_applications",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", String(50), nullable=False),
    Column("server", String(SERVER_LENGTH), nullable=False),
    Column("redirect_uri", String(REDIRECT_LENGTH)),
    Column("client_id_masked", String(20), nullable=False),
    Column("credentials", LargeBinary, nullable=False),
    Column("credentials_key_id", String(50), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Index(
        "uq_platform_applications_kept",
        "channel",
        unique=True,
        postgresql_where=text("redirect_uri IS NULL"),
    ),
    Index(
        "uq_platform_applications_registered",
        "channel",
        "server",
        "redirect_uri",
        unique=True,
        postgresql_where=text("redirect_uri IS NOT NULL"),
    ),
)

channel_journeys = Table(
    "channel_journeys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("channel", String(50), nullable=False),
    Column("state", word(Stage), nullable=False),
    Column("application_id", Uuid, nullable=False),
    Column("channel_connection_id", Uuid, ForeignKey("channel_connections.id")),
    Column("secret_hash", String(64), unique=True),
    Column("browser_hash", String(64), nullable=False),
    Column("redirect_uri", String(REDIRECT_LENGTH), nullable=False),
    Column("display_name", String(200)),
    Column("sealed_text", LargeBinary, nullable=False),
    Column("sealed_key_id", String(50), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
    one_of("state", Stage),
    CheckConstraint("(state = 'away') = (secret_hash IS NOT NULL)", name="secret_hash"),
)

mappers.map_imperatively(Journey, channel_journeys)
