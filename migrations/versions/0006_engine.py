"""What the publishing engine needs: waiting with a reason, budgets, threads, series, slots, events.

Old code reads and writes everything as before until new code lets a schedule wait: an old scanner
or publisher would not end its waiting. Stop those two first; schedules are rewritten anyway.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

_NEXT = "CASE WHEN status::text = 'pending'::text THEN next_attempt_at ELSE lease_expires_at END"
_NEXT_OR_HELD = (
    "CASE WHEN status::text <> 'pending'::text THEN lease_expires_at"
    " WHEN waiting_reason::text = 'PREVIOUS_PART'::text THEN NULL::timestamp with time zone"
    " ELSE COALESCE(held_until, next_attempt_at) END"
)


def upgrade() -> None:
    _connections()
    op.add_column(
        "post_variants",
        sa.Column("thread", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
    )
    _series()
    _schedules()
    _ledger()
    op.create_table(
        "business_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_business_events_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_events")),
        comment="what has happened, written in the transaction in which it did",
    )
    op.create_index(
        op.f("ix_business_events_organization_id_occurred_at"),
        "business_events",
        ["organization_id", "occurred_at"],
    )
    op.create_index(op.f("ix_business_events_subject_id"), "business_events", ["subject_id"])


def _connections() -> None:
    for column in (
        sa.Column("lateness_minutes", sa.Integer(), server_default=sa.text("60"), nullable=False),
        sa.Column("minimum_gap_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("daily_cap", sa.Integer()),
        sa.Column("token_expires_at", sa.DateTime(timezone=True)),
        sa.Column("next_refresh_at", sa.DateTime(timezone=True)),
        sa.Column("refresh_attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("refresh_lease_until", sa.DateTime(timezone=True)),
    ):
        op.add_column("channel_connections", column)
    # Bluesky's sessions are part of the credentials from now on: have them made.
    op.execute(
        "UPDATE channel_connections SET token_expires_at = now(), next_refresh_at = now()"
        " WHERE channel = 'bluesky' AND status = 'connected'"
    )
    op.create_index(
        op.f("ix_channel_connections_next_refresh_at"),
        "channel_connections",
        ["next_refresh_at"],
        postgresql_where=sa.text("next_refresh_at IS NOT NULL"),
    )
    for name, condition in (
        ("lateness_minutes", "lateness_minutes >= 1"),
        ("minimum_gap_seconds", "minimum_gap_seconds >= 0"),
        ("daily_cap", "daily_cap >= 1"),
    ):
        op.create_check_constraint(
            op.f(f"ck_channel_connections_{name}"), "channel_connections", condition
        )


def _series() -> None:
    op.create_table(
        "recurrences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("post_variant_id", sa.Uuid(), nullable=False),
        sa.Column("channel_connection_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(500), nullable=False),
        sa.Column("timezone", sa.String(100), nullable=False),
        sa.Column(
            "starts_at_local",
            sa.String(19),
            nullable=False,
            comment="ISO 8601, on the clock of the zone",
        ),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("planned_until", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "status IN ('active', 'paused', 'ended')", name=op.f("ck_recurrences_status")
        ),
        *_references("recurrences", posts=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recurrences")),
    )
    op.create_index(
        op.f("ix_recurrences_organization_id_created_at"),
        "recurrences",
        ["organization_id", "created_at"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        op.f("ix_recurrences_planned_until"),
        "recurrences",
        ["planned_until"],
        postgresql_where=sa.text("status = 'active' AND deleted_at IS NULL"),
    )
    op.create_table(
        "posting_slots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("channel_connection_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False, comment="0 is Monday"),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("timezone", sa.String(100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_posting_slots_weekday")),
        *_references("posting_slots", posts=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting_slots")),
        sa.UniqueConstraint(
            "channel_connection_id",
            "weekday",
            "local_time",
            "timezone",
            name=op.f("uq_posting_slots_channel_connection_id_weekday_local_time_timezone"),
        ),
    )
    op.create_index(op.f("ix_posting_slots_organization_id"), "posting_slots", ["organization_id"])


def _references(table: str, *, posts: bool) -> list[sa.ForeignKeyConstraint]:
    referred = {
        "organization_id": "organizations",
        "created_by": "users",
        "channel_connection_id": "channel_connections",
    }
    if posts:
        referred |= {"post_id": "posts", "post_variant_id": "post_variants"}
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in referred.items()
    ]


def _schedules() -> None:
    for column in (
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.Column("waiting_reason", sa.String(20)),
        sa.Column("part", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("root_schedule_id", sa.Uuid()),
        sa.Column("delay_seconds", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("recurrence_id", sa.Uuid()),
        sa.Column("occurrence_at", sa.DateTime(timezone=True)),
    ):
        op.add_column("schedules", column)
    op.create_foreign_key(
        op.f("fk_schedules_root_schedule_id_schedules"),
        "schedules",
        "schedules",
        ["root_schedule_id"],
        ["id"],
    )
    op.create_foreign_key(
        op.f("fk_schedules_recurrence_id_recurrences"),
        "schedules",
        "recurrences",
        ["recurrence_id"],
        ["id"],
    )
    for first, *others in (["recurrence_id", "occurrence_at", "part"], ["root_schedule_id", "part"]):
        op.create_index(
            op.f("_".join(["uq_schedules", first, *others])),
            "schedules",
            [first, *others],
            unique=True,
            postgresql_where=sa.text(f"{first} IS NOT NULL"),
        )
    for name, condition in (
        (
            "waiting_reason",
            "waiting_reason IN ('RATE_LIMIT', 'DAILY_CAP', 'MINIMUM_GAP', 'CONNECTION_ERROR',"
            " 'CREDENTIALS_EXPIRED', 'PREVIOUS_PART')",
        ),
        ("waiting", "waiting_reason IS NULL OR status = 'pending'"),
        ("held", "held_until IS NULL OR waiting_reason IS NOT NULL"),
        ("part", "(part = 0) = (root_schedule_id IS NULL)"),
        ("occurrence_at", "(recurrence_id IS NULL) = (occurrence_at IS NULL)"),
    ):
        op.create_check_constraint(op.f(f"ck_schedules_{name}"), "schedules", condition)
    _compute_due_at(_NEXT_OR_HELD)
    op.create_index(
        "ix_schedules_queued",
        "schedules",
        ["organization_id", "channel_connection_id"],
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_index(
        "ix_schedules_waiting",
        "schedules",
        ["channel_connection_id", "held_until"],
        postgresql_where=sa.text("waiting_reason IS NOT NULL"),
    )


def _compute_due_at(expression: str) -> None:
    op.drop_index("ix_schedules_due_at", "schedules")
    op.drop_column("schedules", "due_at")
    op.add_column(
        "schedules",
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            sa.Computed(expression, persisted=True),
            comment="when the scanner must look at it next",
        ),
    )
    op.create_index(
        "ix_schedules_due_at",
        "schedules",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )


def _ledger() -> None:
    for column in (
        sa.Column("channel_connection_id", sa.Uuid()),
        sa.Column("response_time_ms", sa.Integer()),
        sa.Column("retry_allowed", sa.Boolean()),
        sa.Column("resolved_by", sa.Uuid()),
    ):
        op.add_column("publish_events", column)
    op.execute(
        "UPDATE publish_events AS e SET channel_connection_id = s.channel_connection_id"
        " FROM schedules AS s WHERE s.id = e.schedule_id"
    )
    for column, other in (("channel_connection_id", "channel_connections"), ("resolved_by", "users")):
        op.create_foreign_key(
            op.f(f"fk_publish_events_{column}_{other}"), "publish_events", other, [column], ["id"]
        )
    op.create_index(
        op.f("ix_publish_events_channel_connection_id_started_at"),
        "publish_events",
        ["channel_connection_id", "started_at"],
    )
    op.create_table(
        "connection_budgets",
        sa.Column("channel_connection_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.Column("resets_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("remaining >= 0", name=op.f("ck_connection_budgets_remaining")),
        sa.ForeignKeyConstraint(
            ["channel_connection_id"],
            ["channel_connections.id"],
            name=op.f("fk_connection_budgets_channel_connection_id_channel_connections"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_connection_budgets_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("channel_connection_id", name=op.f("pk_connection_budgets")),
        comment="what the network said last of how many more it takes, and until when",
    )


def downgrade() -> None:
    op.drop_table("business_events")
    op.drop_table("connection_budgets")
    op.drop_index("ix_publish_events_channel_connection_id_started_at", "publish_events")
    for column in ("resolved_by", "retry_allowed", "response_time_ms", "channel_connection_id"):
        op.drop_column("publish_events", column)
    op.drop_index("ix_schedules_waiting", "schedules")
    op.drop_index("ix_schedules_queued", "schedules")
    _compute_due_at(_NEXT)
    for column in (
        "occurrence_at",
        "recurrence_id",
        "delay_seconds",
        "root_schedule_id",
        "part",
        "waiting_reason",
        "held_until",
    ):
        op.drop_column("schedules", column)
    op.drop_table("posting_slots")
    op.drop_table("recurrences")
    op.drop_column("post_variants", "thread")
    for column in (
        "refresh_lease_until",
        "refresh_attempts",
        "next_refresh_at",
        "token_expires_at",
        "daily_cap",
        "minimum_gap_seconds",
        "lateness_minutes",
    ):
        op.drop_column("channel_connections", column)
