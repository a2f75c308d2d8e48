"""The table of templates, and the aggregate mapped to it."""

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
from sqlalchemy.dialects.postgresql import JSONB

from shared.content.domain.templates.template import Template, TemplateCategory
from shared.infrastructure.database import mappers, metadata, one_of, word

templates = Table(
    "templates",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("name_key", Text, nullable=False),
    Column("description", Text),
    Column("template_body", Text, nullable=False),
    Column("category", word(TemplateCategory), nullable=False),
    Column("variables", JSONB, nullable=False),
    Column("default_channel_id", String(50)),
    Column("constraints", JSONB, nullable=False),
    Column("default_options", JSONB, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("usage_count", Integer, nullable=False),
    Column("last_used_at", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("deleted_at", DateTime(timezone=True)),
    one_of("category", TemplateCategory),
)
Index(
    "uq_templates_live_name",
    templates.c.organization_id,
    templates.c.created_by,
    templates.c.name_key,
    unique=True,
    postgresql_where=text("deleted_at IS NULL"),
)

mappers.map_imperatively(Template, templates)
