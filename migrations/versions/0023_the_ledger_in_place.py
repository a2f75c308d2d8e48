"""Room on the ledger's pages, so that an attempt's ending is written beside its beginning.

What an ending changes is in no index; on a full page it went elsewhere all the same, with an entry
more in each of four indexes. Pages that are there already stay as full as they are.
"""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.execute("ALTER TABLE publish_events SET (fillfactor = 70)")


def downgrade() -> None:
    op.execute("ALTER TABLE publish_events RESET (fillfactor)")
