"""The tables of posts and their variants, and the aggregates mapped to them."""

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.content.domain.post import Post
from shared.content.domain.post_status import PostStatus
from shared.content.domain.variant import PostVariant, VariantSource, VariantStatus
from shared.infrastructure.database import mappers, metadata, one_of, word

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
    one_of("status", PostStatus),
)
Index(
    None,
    posts.c.organization_id,
    posts.c.updated_at,
    postgresql_where=text("deleted_at IS NULL"),
)
Index(
    None,
    posts.c.organization_id,
    posts.c.id,
    postgresql_where=text("deleted_at IS NULL"),
)
Index(None, posts.c.tags, postgresql_using="gin", postgresql_where=text("deleted_at IS NULL"))

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
    one_of("status", VariantStatus),
    one_of("source", VariantSource),
)
Index(
    None,
    post_variants.c.post_id,
    post_variants.c.created_at,
    postgresql_where=text("deleted_at IS NULL"),
)
Index(
    "ix_post_variants_organization_id_content",
    post_variants.c.organization_id,
    func.md5(post_variants.c.content),
)
Index(
    "ix_post_variants_thread",
    post_variants.c.thread,
    postgresql_using="gin",
    postgresql_ops={"thread": "jsonb_path_ops"},
    postgresql_where=text("thread <> '[]'"),
)

mappers.map_imperatively(Post, posts)
mappers.map_imperatively(PostVariant, post_variants)
