"""The tables of posts, their variants and their tags, and the aggregates mapped to them.

Every UPDATE raises `version`, whoever writes it: it is a default of the column.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from shared.content.domain.post import Post
from shared.content.domain.post_status import PostStatus
from shared.content.domain.tag import Tag
from shared.content.domain.variant import PostVariant, VariantSource, VariantStatus
from shared.infrastructure.database import mappers, metadata, one_of, word
from shared.infrastructure.text_search import weighted_words, words

posts = Table(
    "posts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("title", String(200)),
    Column("description", Text, nullable=False),
    Column("tags", ARRAY(Text), nullable=False),
    Column("status", word(PostStatus), nullable=False),
    Column("metadata", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True)),
    Column("deleted_at", DateTime(timezone=True)),
    Column(
        "version",
        Integer,
        nullable=False,
        server_default=text("1"),
        onupdate=text("posts.version + 1"),
    ),
    Column("search", TSVECTOR, Computed(weighted_words("title", "description"), persisted=True)),
    one_of("status", PostStatus),
)
_LIVE = text("deleted_at IS NULL")
Index(None, posts.c.organization_id, posts.c.updated_at, posts.c.id, postgresql_where=_LIVE)
Index(None, posts.c.organization_id, posts.c.created_at, posts.c.id, postgresql_where=_LIVE)
Index(
    None,
    posts.c.organization_id,
    posts.c.status,
    posts.c.updated_at,
    posts.c.id,
    postgresql_where=_LIVE,
)
Index(
    None,
    posts.c.organization_id,
    posts.c.published_at,
    postgresql_where=text("deleted_at IS NULL AND published_at IS NOT NULL"),
)
Index(
    None,
    posts.c.organization_id,
    posts.c.id,
    postgresql_where=_LIVE,
)
Index(
    None,
    posts.c.organization_id,
    posts.c.deleted_at,
    postgresql_where=text("deleted_at IS NOT NULL"),
)
Index(None, posts.c.tags, postgresql_using="gin", postgresql_where=_LIVE)
Index(None, posts.c.search, postgresql_using="gin", postgresql_where=_LIVE)

post_variants = Table(
    "post_variants",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("post_id", Uuid, ForeignKey("posts.id"), nullable=False),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("channel", String(50), nullable=False),
    Column("content", Text, nullable=False),
    Column("media", JSONB, nullable=False),
    Column("thread", JSONB, nullable=False, server_default=text("'[]'")),
    Column("settings", JSONB, nullable=False, server_default=text("'{}'")),
    Column("tone", String(50)),
    Column("source", word(VariantSource), nullable=False),
    Column("status", word(VariantStatus), nullable=False),
    Column("metadata", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True)),
    Column("deleted_at", DateTime(timezone=True)),
    Column(
        "version",
        Integer,
        nullable=False,
        server_default=text("1"),
        onupdate=text("post_variants.version + 1"),
    ),
    Column("search", TSVECTOR, Computed(words("content"), persisted=True)),
    one_of("status", VariantStatus),
    one_of("source", VariantSource),
    postgresql_with={"fillfactor": 85},  # being sent is in no index, so it is written in place
)
Index(None, post_variants.c.post_id, post_variants.c.created_at, postgresql_where=_LIVE)
Index(
    None,
    post_variants.c.organization_id,
    post_variants.c.channel,
    post_variants.c.post_id,
    postgresql_where=_LIVE,
)
Index(None, post_variants.c.search, postgresql_using="gin", postgresql_where=_LIVE)

tags = Table(
    "tags",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("name", String(50), nullable=False),
    Column("colour", String(7)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name="colour"),
    UniqueConstraint("organization_id", "name"),
    comment="what is known of a tag beside the posts that have it",
)
Index(
    "ix_post_variants_organization_id_content",
    post_variants.c.organization_id,
    func.md5(post_variants.c.content),
)
Index(
    "ix_post_variants_media",
    post_variants.c.media,
    postgresql_using="gin",
    postgresql_ops={"media": "jsonb_path_ops"},
    postgresql_where=text("media <> '{}'"),
)
Index(
    "ix_post_variants_thread",
    post_variants.c.thread,
    postgresql_using="gin",
    postgresql_ops={"thread": "jsonb_path_ops"},
    postgresql_where=text("thread <> '[]'"),
)

for kind, table in ((Post, posts), (PostVariant, post_variants)):
    mappers.map_imperatively(kind, table, eager_defaults=True, exclude_properties=["search"])
mappers.map_imperatively(Tag, tags)
