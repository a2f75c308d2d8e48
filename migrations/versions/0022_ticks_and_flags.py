"""What timers tell whoever watches over them; whom a flag is for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "ticks",
        sa.Column("timer", sa.String(100), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_due_at", sa.DateTime(timezone=True)),
        sa.Column("queues", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("timer", name=op.f("pk_ticks")),
        comment="when each timer last went off, for whoever watches over them",
    )
    op.add_column("feature_flags", sa.Column("percentage", sa.Integer()))
    op.add_column(
        "feature_flags",
        sa.Column("organization_ids", JSONB(), server_default=sa.text("'[]'"), nullable=False),
    )
    op.add_column(
        "feature_flags",
        sa.Column("is_declared", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_feature_flags_percentage"), "feature_flags", "percentage BETWEEN 0 AND 100"
    )


def downgrade() -> None:
    op.execute("DELETE FROM feature_flags WHERE NOT is_declared")
    op.drop_constraint(op.f("ck_feature_flags_percentage"), "feature_flags")
    op.drop_column("feature_flags", "is_declared")
    op.drop_column("feature_flags", "organization_ids")
    op.drop_column("feature_flags", "percentage")
    op.drop_table("ticks")
