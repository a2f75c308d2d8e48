"""Bulk imports, and posts in the order in which they are exported.

The index on posts is built while nobody writes posts, a second for a million of them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

_UNDER_WAY = "status IN ('queued', 'running')"


def upgrade() -> None:
    op.create_table(
        "post_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column(
            "channels",
            postgresql.ARRAY(sa.String(50)),
            comment="the only ones it may use; null for any",
        ),
        sa.Column("format", sa.String(20), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("all_or_nothing", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column(
            "processed",
            sa.Integer(),
            nullable=False,
            comment="the posts before it are dealt with",
        ),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(20)),
        sa.Column(
            "body",
            sa.LargeBinary(),
            comment="as it was handed over; gone once the import has ended",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("format IN ('csv', 'json')", name=op.f("ck_post_imports_format")),
        sa.CheckConstraint(
            "status IN ('queued', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_post_imports_status"),
        ),
        sa.CheckConstraint(
            "failure IN ('AUTHOR_GONE', 'INTERNAL_ERROR')", name=op.f("ck_post_imports_failure")
        ),
        sa.CheckConstraint(
            "processed BETWEEN 0 AND total", name=op.f("ck_post_imports_processed")
        ),
        sa.CheckConstraint(
            f"({_UNDER_WAY}) = (ended_at IS NULL)", name=op.f("ck_post_imports_ended_at")
        ),
        sa.CheckConstraint(
            f"({_UNDER_WAY}) = (body IS NOT NULL)", name=op.f("ck_post_imports_body")
        ),
        sa.CheckConstraint(
            "(status = 'failed') = (failure IS NOT NULL)", name=op.f("ck_post_imports_failed")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_post_imports_created_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_post_imports_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_imports")),
    )
    op.create_index(
        op.f("ix_post_imports_organization_id_created_at"), "post_imports", ["organization_id", "created_at"]
    )
    op.create_index(
        "ix_post_imports_under_way",
        "post_imports",
        ["organization_id"],
        postgresql_where=sa.text(_UNDER_WAY),
    )
    op.create_table(
        "post_import_problems",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(), comment="the path of the field, if it is about one"),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["post_imports.id"],
            name=op.f("fk_post_import_problems_import_id_post_imports"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_post_import_problems_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_import_problems")),
        comment="what was wrong with the rows that were not imported",
    )
    op.create_index(
        op.f("ix_post_import_problems_import_id_row_id"),
        "post_import_problems",
        ["import_id", "row", "id"],
    )
    op.create_index(
        op.f("ix_posts_organization_id_id"),
        "posts",
        ["organization_id", "id"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_posts_organization_id_id"), table_name="posts")
    op.drop_table("post_import_problems")
    op.drop_table("post_imports")
