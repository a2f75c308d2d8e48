"""Assets, what is made of them, files that belong to none, and who shows an asset.

The index on variants is of those with media, which are few by now: it takes no time.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"

_LIVE = sa.text("deleted_at IS NULL")
_WORDS = (
    "(setweight(to_tsvector('simple'::regconfig, translate(regexp_replace(regexp_replace("
    "(COALESCE(name, ''::character varying))::text, '</?[A-Za-z][^>]*>'::text, ' '::text,"
    " 'g'::text), '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])'"
    "::text, ' \\1 '::text, 'g'::text), '-/._@:'::text, '      '::text)), 'A'::\"char\") ||"
    " setweight(to_tsvector('simple'::regconfig, translate(regexp_replace(regexp_replace("
    "alt_text, '</?[A-Za-z][^>]*>'::text, ' '::text, 'g'::text),"
    " '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])'::text,"
    " ' \\1 '::text, 'g'::text), '-/._@:'::text, '      '::text)), 'B'::\"char\"))"
)


def upgrade() -> None:
    op.create_table(
        "media_assets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("alt_text", sa.Text(), nullable=False),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), comment="as its bytes tell"),
        sa.Column(
            "mime_type",
            sa.String(100),
            nullable=False,
            comment="claimed until its bytes have told",
        ),
        sa.Column("size", sa.BigInteger(), comment="in bytes"),
        sa.Column("sha256", sa.String(64), comment="the uploader's word"),
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text()),
        sa.Column("multipart_id", sa.Text()),
        sa.Column("part_size", sa.Integer()),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("duration_ms", sa.BigInteger()),
        sa.Column("fps", sa.Double()),
        sa.Column("frames", sa.Integer()),
        sa.Column("pages", sa.Integer()),
        sa.Column("has_alpha", sa.Boolean()),
        sa.Column("has_audio", sa.Boolean()),
        sa.Column("blurhash", sa.Text()),
        sa.Column("dominant_colour", sa.String(7)),
        sa.Column(
            "thumbnails", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False
        ),
        sa.Column("error_code", sa.String(60)),
        sa.Column("error_message", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column(
            "condemned_at", sa.DateTime(timezone=True), comment="when its clean-up began"
        ),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("search", postgresql.TSVECTOR(), sa.Computed(_WORDS, persisted=True)),
        sa.CheckConstraint(
            "status IN ('uploading', 'processing', 'ready', 'refused', 'failed')",
            name=op.f("ck_media_assets_status"),
        ),
        sa.CheckConstraint(
            "kind IN ('image', 'animation', 'video', 'document')",
            name=op.f("ck_media_assets_kind"),
        ),
        sa.CheckConstraint("size >= 0", name=op.f("ck_media_assets_size")),
        sa.CheckConstraint(
            "(status IN ('refused', 'failed')) = (error_code IS NOT NULL)",
            name=op.f("ck_media_assets_error"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_media_assets_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_media_assets_created_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_assets")),
    )
    op.create_index(
        "ix_media_assets_organization_id_created_at_id",
        "media_assets",
        ["organization_id", "created_at", "id"],
        postgresql_where=_LIVE,
    )
    op.create_index(
        "ix_media_assets_tags",
        "media_assets",
        ["tags"],
        postgresql_using="gin",
        postgresql_where=_LIVE,
    )
    op.create_index(
        "ix_media_assets_search",
        "media_assets",
        ["search"],
        postgresql_using="gin",
        postgresql_where=_LIVE,
    )
    op.create_index(
        "ix_media_assets_uploading",
        "media_assets",
        ["created_at"],
        postgresql_where=sa.text("status = 'uploading'"),
    )
    op.create_index(
        "ix_media_assets_deleted_at",
        "media_assets",
        ["deleted_at"],
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_table(
        "media_renditions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column(
            "profile", sa.Text(), nullable=False, comment="a digest of the rules it was fitted to"
        ),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("storage_key", sa.Text()),
        sa.Column("mime_type", sa.String(100)),
        sa.Column("size", sa.BigInteger(), comment="in bytes"),
        sa.Column("width", sa.Integer()),
        sa.Column("height", sa.Integer()),
        sa.Column("duration_ms", sa.BigInteger()),
        sa.Column("error_code", sa.String(60)),
        sa.Column("error_message", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'ready', 'failed')", name=op.f("ck_media_renditions_status")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_media_renditions_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["asset_id"], ["media_assets.id"], name=op.f("fk_media_renditions_asset_id_media_assets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_renditions")),
        sa.UniqueConstraint("asset_id", "profile", name=op.f("uq_media_renditions_asset_id_profile")),
    )
    op.create_table(
        "media_orphans",
        sa.Column("storage_key", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("storage_key", name=op.f("pk_media_orphans")),
        comment="files in the store that belong to no asset, seen once: the next look removes them",
    )
    op.create_index(
        "ix_post_variants_media",
        "post_variants",
        ["media"],
        postgresql_using="gin",
        postgresql_ops={"media": "jsonb_path_ops"},
        postgresql_where=sa.text("media <> '{}'"),
    )


def downgrade() -> None:
    op.drop_index("ix_post_variants_media", "post_variants")
    op.drop_table("media_orphans")
    op.drop_table("media_renditions")
    op.drop_table("media_assets")
