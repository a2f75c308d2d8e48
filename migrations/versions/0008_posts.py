"""Posts and variants that can be searched, versions of both, colours of tags.

Old code goes on: what it does not know has defaults. Its writes do not raise a version, so that
`If-Match` holds only once new code is everywhere.

The searched words are generated columns, for which both tables are written anew, a few seconds for
a hundred thousand posts, while nobody else reads or writes them: the publisher is better stopped
meanwhile. The indexes are built afterwards, in nobody's way.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.unhurried import create_index, drop_index, unhurried

revision = "0008"
down_revision = "0007"

_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
_LIVE = sa.text("deleted_at IS NULL")


def _words(column: str) -> str:
    bare = f"regexp_replace({column}, '</?[A-Za-z][^>]*>'::text, ' '::text, 'g'::text)"
    spaced = f"regexp_replace({bare}, '({_UNSPACED})'::text, ' \\1 '::text, 'g'::text)"
    return (
        "to_tsvector('simple'::regconfig,"
        f" translate({spaced}, '-/._@:'::text, '      '::text))"
    )


_TITLE = _words("(COALESCE(title, ''::character varying))::text")
_POST = (
    f"(setweight({_TITLE}, 'A'::\"char\") || setweight({_words('description')}, 'B'::\"char\"))"
)


def upgrade() -> None:
    for table, searched in (("posts", _POST), ("post_variants", _words("content"))):
        op.add_column(
            table,
            sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
            if_not_exists=True,
        )
        op.add_column(
            table,
            sa.Column("search", postgresql.TSVECTOR(), sa.Computed(searched, persisted=True)),
            if_not_exists=True,
        )
    op.create_table(
        "tags",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("colour", sa.String(7)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name=op.f("ck_tags_colour")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_tags_created_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_tags_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_tags_organization_id_name")),
        comment="what is known of a tag beside the posts that have it",
        if_not_exists=True,
    )
    with unhurried():
        for table in ("posts", "post_variants"):
            create_index(
                op.f(f"ix_{table}_search"),
                table,
                ["search"],
                postgresql_using="gin",
                postgresql_where=_LIVE,
            )
        _orders()
        create_index(
            op.f("ix_post_variants_organization_id_channel_post_id"),
            "post_variants",
            ["organization_id", "channel", "post_id"],
            postgresql_where=_LIVE,
        )


def _orders() -> None:
    """One index for each order in which posts are read; the first replaces one without the id."""
    for columns, condition in (
        (("updated_at", "id"), _LIVE),
        (("created_at", "id"), _LIVE),
        (("status", "updated_at", "id"), _LIVE),
        (("published_at",), sa.text("deleted_at IS NULL AND published_at IS NOT NULL")),
        (("deleted_at",), sa.text("deleted_at IS NOT NULL")),
    ):
        create_index(
            op.f(f"ix_posts_organization_id_{'_'.join(columns)}"),
            "posts",
            ["organization_id", *columns],
            postgresql_where=condition,
        )
    drop_index(op.f("ix_posts_organization_id_updated_at"), "posts")


def downgrade() -> None:
    op.drop_table("tags")
    op.create_index(
        op.f("ix_posts_organization_id_updated_at"),
        "posts",
        ["organization_id", "updated_at"],
        postgresql_where=_LIVE,
    )
    for columns in (
        "updated_at_id",
        "created_at_id",
        "status_updated_at_id",
        "published_at",
        "deleted_at",
    ):
        op.drop_index(op.f(f"ix_posts_organization_id_{columns}"), "posts")
    op.drop_index(op.f("ix_post_variants_organization_id_channel_post_id"), "post_variants")
    for table in ("post_variants", "posts"):
        op.drop_index(op.f(f"ix_{table}_search"), table)
        op.drop_column(table, "search")
        op.drop_column(table, "version")
