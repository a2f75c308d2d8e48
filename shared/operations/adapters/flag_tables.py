"""The table of what root has made of flags."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    String,
    Table,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.infrastructure.database import metadata
from shared.operations.domain.flag import DESCRIPTION_LENGTH

feature_flags = Table(
    "feature_flags",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("value", JSONB, nullable=False),
    Column("description", String(DESCRIPTION_LENGTH), nullable=False),
    Column("is_enabled", Boolean, nullable=False),
    Column("percentage", Integer),
    Column("organization_ids", JSONB, nullable=False, server_default=text("'[]'")),
    Column("is_declared", Boolean, nullable=False, server_default=text("true")),
    Column("updated_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("percentage BETWEEN 0 AND 100", name="percentage"),
    comment="flags that are no longer as the code declares them; all organizations share them",
)
