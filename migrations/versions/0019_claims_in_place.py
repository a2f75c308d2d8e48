"""What a claim changes of a schedule is in no index, so that it is written where the row lies.

Old code goes on: `due_at` stays for it, without its index. The table is rewritten, a few seconds a
million schedules, in which nobody reads them; whoever has many stops the scanner for that long.
"""

import sqlalchemy as sa
from alembic import op

from migrations.unhurried import create_index, drop_index, unhurried

revision = "0019"
down_revision = "0018"

_RIPE = (
    "CASE WHEN waiting_reason::text = 'PREVIOUS_PART'::text THEN NULL::timestamp with time zone"
    " WHEN status::text = 'pending'::text OR status::text = 'queued'::text"
    " OR status::text = 'processing'::text THEN COALESCE(held_until, next_attempt_at)"
    " ELSE NULL::timestamp with time zone END"
)


def upgrade() -> None:
    op.create_table(
        "queued_claims",
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("channel_connection_id", sa.Uuid(), nullable=False),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_queued_claims_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("schedule_id", name=op.f("pk_queued_claims")),
        comment="what waits in the queues, as an index of schedules would have it",
    )
    op.create_index(
        op.f("ix_queued_claims_channel_connection_id"), "queued_claims", ["channel_connection_id"]
    )
    op.execute(
        "INSERT INTO queued_claims"
        " SELECT id, organization_id, channel_connection_id, lease_expires_at FROM schedules"
        " WHERE status = 'queued'"
    )
    op.execute("SET LOCAL statement_timeout = 0")
    op.execute("ALTER TABLE schedules SET (fillfactor = 75)")
    op.execute("ALTER TABLE post_variants SET (fillfactor = 85)")
    op.add_column(
        "schedules",
        sa.Column(
            "ripe_at",
            sa.DateTime(timezone=True),
            sa.Computed(_RIPE, persisted=True),
            comment="from when on it may be claimed, unless somebody has a lease on it",
        ),
    )
    op.create_index(
        "ix_schedules_ripe_at",
        "schedules",
        ["ripe_at"],
        postgresql_where=sa.text("ripe_at IS NOT NULL"),
    )
    with unhurried():
        drop_index("ix_schedules_due_at", "schedules")
        drop_index("ix_schedules_queued", "schedules")


def downgrade() -> None:
    op.create_index(
        "ix_schedules_queued",
        "schedules",
        ["organization_id", "channel_connection_id"],
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_index(
        "ix_schedules_due_at",
        "schedules",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.drop_index("ix_schedules_ripe_at", "schedules")
    op.drop_column("schedules", "ripe_at")
    op.execute("ALTER TABLE schedules RESET (fillfactor)")
    op.execute("ALTER TABLE post_variants RESET (fillfactor)")
    op.drop_table("queued_claims")
