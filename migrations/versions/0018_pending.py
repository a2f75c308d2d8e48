"""Attempts whose network works on them; schedules that wait for their media.

Old code goes on: it takes a pending attempt for one that is over, and looks at the schedule when
its lease lapses. It gives nothing to the network to go on from, so the publishers go first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"

_STATUSES = "'started', 'success', 'retried', 'failed', 'unknown'"
_REASONS = (
    "'RATE_LIMIT', 'DAILY_CAP', 'MINIMUM_GAP', 'CONNECTION_ERROR', 'CREDENTIALS_EXPIRED',"
    " 'PREVIOUS_PART'"
)


def upgrade() -> None:
    op.add_column(
        "publish_events",
        sa.Column("progress", JSONB(), comment="what the next attempt goes on from"),
        if_not_exists=True,
    )
    _allow("publish_events", "status", _STATUSES.replace("'started'", "'started', 'pending'"))
    _allow("schedules", "waiting_reason", f"{_REASONS}, 'MEDIA_PROCESSING'")


def downgrade() -> None:
    """What is pending at a network is of unknown outcome to older code."""
    op.execute(
        "UPDATE publish_events SET status = 'unknown', error_class = 'unknown',"
        " error_code = 'NOT_RECORDED', responsible = 'system' WHERE status = 'pending'"
    )
    op.execute(
        "UPDATE schedules SET waiting_reason = NULL, held_until = NULL"
        " WHERE waiting_reason = 'MEDIA_PROCESSING'"
    )
    _allow("schedules", "waiting_reason", _REASONS)
    _allow("publish_events", "status", _STATUSES)
    op.drop_column("publish_events", "progress")


def _allow(table: str, column: str, words: str) -> None:
    """Without a look at what is there under a lock that keeps everybody out."""
    name = f"ck_{table}_{column}"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({words})) NOT VALID"
    )
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
