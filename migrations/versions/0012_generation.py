"""Generation: what people had written for them, and the suggestions that came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "generation_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("task", sa.String(20), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid()),
        sa.Column("template_id", sa.Uuid()),
        sa.Column("tone", sa.String(50)),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("failure", sa.String(60), comment="the code an aborted one ended with"),
        sa.Column("ai_model", sa.String(200)),
        sa.Column("is_fallback", sa.Boolean(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column(
            "cost", sa.Numeric(12, 6), comment="in US dollars; empty where nobody knows"
        ),
        sa.Column("duration_ms", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "task IN ('suggestions', 'post', 'captions', 'hashtags', 'improve', 'translate',"
            " 'alt_text', 'ideas')",
            name=op.f("ck_generation_sessions_task"),
        ),
        sa.CheckConstraint(
            "status IN ('in_progress', 'completed', 'aborted')",
            name=op.f("ck_generation_sessions_status"),
        ),
        sa.CheckConstraint(
            "(status = 'aborted') = (failure IS NOT NULL)",
            name=op.f("ck_generation_sessions_failure"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_generation_sessions_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_generation_sessions_created_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_generation_sessions_post_id_posts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation_sessions")),
    )
    op.create_index(
        op.f("ix_generation_sessions_organization_id_created_at"),
        "generation_sessions",
        ["organization_id", "created_at"],
    )
    op.create_index(
        op.f("ix_generation_sessions_created_by_created_at"),
        "generation_sessions",
        ["created_by", "created_at"],
    )
    op.create_index(
        "ix_generation_sessions_in_progress",
        "generation_sessions",
        ["organization_id"],
        postgresql_where=sa.text("status = 'in_progress'"),
    )
    op.create_table(
        "generation_suggestions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("generation_session_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(50), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("score", sa.Numeric(5, 2), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False, comment="0 is the best of its session"),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("post_variant_id", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "score BETWEEN 0 AND 100", name=op.f("ck_generation_suggestions_score")
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (post_variant_id IS NULL)",
            name=op.f("ck_generation_suggestions_accepted"),
        ),
        sa.ForeignKeyConstraint(
            ["generation_session_id"],
            ["generation_sessions.id"],
            name=op.f("fk_generation_suggestions_generation_session_id_generation_sessions"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_generation_suggestions_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_generation_suggestions_created_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["post_variant_id"],
            ["post_variants.id"],
            name=op.f("fk_generation_suggestions_post_variant_id_post_variants"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generation_suggestions")),
    )
    op.create_index(
        op.f("ix_generation_suggestions_generation_session_id"),
        "generation_suggestions",
        ["generation_session_id"],
    )


def downgrade() -> None:
    op.drop_table("generation_suggestions")
    op.drop_table("generation_sessions")
