"""Answers kept under idempotency keys."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "idempotent_answers",
        sa.Column(
            "id", sa.Uuid(), nullable=False, comment="a new one with each claim to the key"
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("status_code", sa.SmallInteger()),
        sa.Column("content_type", sa.String(255)),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="from then on the row is as if absent",
        ),
        sa.CheckConstraint(
            "state IN ('in_progress', 'done')", name=op.f("ck_idempotent_answers_state")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (status_code IS NOT NULL AND body IS NOT NULL)",
            name=op.f("ck_idempotent_answers_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_idempotent_answers_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_idempotent_answers_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotent_answers")),
        sa.UniqueConstraint(
            "organization_id",
            "user_id",
            "key",
            name=op.f("uq_idempotent_answers_organization_id_user_id_key"),
        ),
    )
    op.create_index("ix_idempotent_answers_expires_at", "idempotent_answers", ["expires_at"])


def downgrade() -> None:
    op.drop_table("idempotent_answers")
