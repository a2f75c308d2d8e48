"""The tables of bulk imports and of what was wrong in them."""

from sqlalchemy import (
    Boolean,
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
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import deferred

from shared.content.domain.post_import import (
    ImportFailure,
    ImportFormat,
    ImportStatus,
    PostImport,
)
from shared.infrastructure.database import mappers, metadata, one_of, word

_UNDER_WAY = "status IN ('queued', 'running')"

post_imports = Table(
    "post_imports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("channels", ARRAY(String(50)), comment="the only ones it may use; null for any"),
    Column("format", word(ImportFormat), nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("all_or_nothing", Boolean, nullable=False),
    Column("status", word(ImportStatus), nullable=False),
    Column("total", Integer, nullable=False),
    Column("processed", Integer, nullable=False, comment="the posts before it are dealt with"),
    Column("created", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("failure", word(ImportFailure)),
    Column("body", LargeBinary, comment="as it was handed over; gone once the import has ended"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    one_of("format", ImportFormat),
    one_of("status", ImportStatus),
    one_of("failure", ImportFailure),
    CheckConstraint("processed BETWEEN 0 AND total", name="processed"),
    CheckConstraint(f"({_UNDER_WAY}) = (ended_at IS NULL)", name="ended_at"),
    CheckConstraint(f"({_UNDER_WAY}) = (body IS NOT NULL)", name="body"),
    CheckConstraint("(status = 'failed') = (failure IS NOT NULL)", name="failed"),
    Index(None, "organization_id", "created_at"),
    Index(
        "ix_post_imports_under_way",
        "organization_id",
        postgresql_where=text(_UNDER_WAY),
    ),
)

post_import_problems = Table(
    "post_import_problems",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("import_id", Uuid, ForeignKey("post_imports.id"), nullable=False),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("row", Integer, nullable=False),
    Column("column", Text, comment="the path of the field, if it is about one"),
    Column("code", String(60), nullable=False),
    Column("description", Text, nullable=False),
    Index(None, "import_id", "row", "id"),
    comment="what was wrong with the rows that were not imported",
)

mappers.map_imperatively(
    PostImport, post_imports, properties={"body": deferred(post_imports.c.body)}
)
