"""The table of presets, and the aggregate mapped to it."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    String,
    Table,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.identity.api import BUILT_IN_ROLES
from shared.infrastructure.database import mappers, metadata, one_of, word
from shared.presets.domain.preset import Preset, PresetScope

ui_presets = Table(
    "ui_presets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column(
        "organization_id",
        Uuid,
        ForeignKey("organizations.id"),
        nullable=False,
        comment="of the platform's: where it was made; everybody sees it",
    ),
    Column("scope", word(PresetScope), nullable=False),
    Column("user_id", Uuid, ForeignKey("users.id")),
    Column("role", String(20)),
    Column("custom_role_id", Uuid, ForeignKey("custom_roles.id")),
    Column("name", String(255), nullable=False),
    Column("settings", JSONB, nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    one_of("scope", PresetScope),
    one_of("role", BUILT_IN_ROLES),
    CheckConstraint(
        "(user_id IS NOT NULL) = (scope = 'user')"
        " AND num_nonnulls(role, custom_role_id) = CAST(scope = 'role' AS integer)",
        name="audience",
    ),
    Index(
        "uq_ui_presets_user",
        "organization_id",
        "user_id",
        unique=True,
        postgresql_where=text("user_id IS NOT NULL"),
    ),
    Index(
        "uq_ui_presets_role",
        "organization_id",
        "role",
        unique=True,
        postgresql_where=text("role IS NOT NULL"),
    ),
    Index(
        "uq_ui_presets_custom_role",
        "custom_role_id",
        unique=True,
        postgresql_where=text("custom_role_id IS NOT NULL"),
    ),
    Index(
        "uq_ui_presets_organization",
        "organization_id",
        unique=True,
        postgresql_where=text("scope = 'organization'"),
    ),
    Index(
        "uq_ui_presets_platform",
        "scope",
        unique=True,
        postgresql_where=text("scope = 'platform'"),
    ),
)

mappers.map_imperatively(Preset, ui_presets)
