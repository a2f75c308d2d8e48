"""Settings of variants, and what finds the same text on one connection.

Old code goes on, but an old publisher sends without the settings: in a rolling deployment the
publishers go first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.unhurried import create_index, drop_index, unhurried

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column(
        "post_variants",
        sa.Column("settings", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        if_not_exists=True,
    )
    with unhurried():
        create_index(
            "ix_post_variants_organization_id_content",
            "post_variants",
            ["organization_id", sa.text("md5(content)")],
        )
        create_index(
            "ix_post_variants_thread",
            "post_variants",
            ["thread"],
            postgresql_using="gin",
            postgresql_ops={"thread": "jsonb_path_ops"},
            postgresql_where=sa.text("thread <> '[]'"),
        )
        create_index(
            "ix_schedules_channel_connection_id_run_at",
            "schedules",
            ["channel_connection_id", "run_at"],
        )
        drop_index("ix_schedules_channel_connection_id", "schedules")


def downgrade() -> None:
    op.create_index("ix_schedules_channel_connection_id", "schedules", ["channel_connection_id"])
    op.drop_index("ix_schedules_channel_connection_id_run_at", "schedules")
    op.drop_index("ix_post_variants_thread", "post_variants")
    op.drop_index("ix_post_variants_organization_id_content", "post_variants")
    op.drop_column("post_variants", "settings")
