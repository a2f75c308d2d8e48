"""The tables of assets and of what is made of them, and the aggregates mapped to them.

Every UPDATE raises an asset's `version`, whoever writes it: it is a default of the column.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from shared.infrastructure.database import mappers, metadata, one_of, word
from shared.infrastructure.text_search import weighted_words
from shared.media.domain.asset import Asset, AssetStatus, MediaKind
from shared.media.domain.rendition import Rendition, RenditionStatus

media_assets = Table(
    "media_assets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("name", String(255), nullable=False),
    Column("alt_text", Text, nullable=False),
    Column("tags", ARRAY(Text), nullable=False),
    Column("status", word(AssetStatus), nullable=False),
    Column("kind", word(MediaKind), comment="as its bytes tell"),
    Column("mime_type", String(100), nullable=False, comment="claimed until its bytes have told"),
    Column("size", BigInteger, comment="in bytes"),
    Column("sha256", String(64), comment="the uploader's word"),
    Column("storage_key", Text, nullable=False),
    Column("source_url", Text),
    Column("multipart_id", Text),
    Column("part_size", Integer),
    Column("width", Integer),
    Column("height", Integer),
    Column("duration_ms", BigInteger),
    Column("fps", Double),
    Column("frames", Integer),
    Column("pages", Integer),
    Column("has_alpha", Boolean),
    Column("has_audio", Boolean),
    Column("blurhash", Text),
    Column("dominant_colour", String(7)),
    Column("thumbnails", JSONB, nullable=False, server_default=text("'[]'")),
    Column("error_code", String(60)),
    Column("error_message", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("completed_at", DateTime(timezone=True)),
    Column("deleted_at", DateTime(timezone=True)),
    Column("condemned_at", DateTime(timezone=True), comment="when its clean-up began"),
    Column(
        "version",
        Integer,
        nullable=False,
        server_default=text("1"),
        onupdate=text("media_assets.version + 1"),
    ),
    Column("search", TSVECTOR, Computed(weighted_words("name", "alt_text"), persisted=True)),
    one_of("status", AssetStatus),
    one_of("kind", MediaKind),
    CheckConstraint("size >= 0", name="size"),
    CheckConstraint("(status IN ('refused', 'failed')) = (error_code IS NOT NULL)", name="error"),
)
_LIVE = text("deleted_at IS NULL")
Index(
    None,
    media_assets.c.organization_id,
    media_assets.c.created_at,
    media_assets.c.id,
    postgresql_where=_LIVE,
)
Index(None, media_assets.c.tags, postgresql_using="gin", postgresql_where=_LIVE)
Index(None, media_assets.c.search, postgresql_using="gin", postgresql_where=_LIVE)
Index(
    "ix_media_assets_uploading",
    media_assets.c.created_at,
    postgresql_where=text("status = 'uploading'"),
)
Index(
    None,
    media_assets.c.deleted_at,
    postgresql_where=text("deleted_at IS NOT NULL"),
)

media_renditions = Table(
    "media_renditions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("asset_id", Uuid, ForeignKey("media_assets.id"), nullable=False),
    Column("profile", Text, nullable=False, comment="a digest of the rules it was fitted to"),
    Column("status", word(RenditionStatus), nullable=False),
    Column("storage_key", Text),
    Column("mime_type", String(100)),
    Column("size", BigInteger, comment="in bytes"),
    Column("width", Integer),
    Column("height", Integer),
    Column("duration_ms", BigInteger),
    Column("error_code", String(60)),
    Column("error_message", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("rules", JSONB),
    Column("fit", String(20)),
    Column(
        "taken_until",
        DateTime(timezone=True),
        comment="how long whoever makes it has it to themselves",
    ),
    UniqueConstraint("asset_id", "profile"),
    one_of("status", RenditionStatus),
)

media_orphans = Table(
    "media_orphans",
    metadata,
    Column("storage_key", Text, primary_key=True),
    Column("found_at", DateTime(timezone=True), nullable=False),
    comment="files in the store that belong to no asset, seen once: the next look removes them",
)

mappers.map_imperatively(Asset, media_assets, eager_defaults=True, exclude_properties=["search"])
mappers.map_imperatively(Rendition, media_renditions)
