"""What a rendition is to be fitted to, and how long it is in somebody's hands."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("media_renditions", sa.Column("rules", postgresql.JSONB()))
    op.add_column("media_renditions", sa.Column("fit", sa.String(20)))
    op.add_column(
        "media_renditions",
        sa.Column(
            "taken_until",
            sa.DateTime(timezone=True),
            comment="how long whoever makes it has it to themselves",
        ),
    )


def downgrade() -> None:
    for column in ("taken_until", "fit", "rules"):
        op.drop_column("media_renditions", column)
