"""Tables of publishing, and the aggregates that live in some of them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.infrastructure.database import mappers, metadata, one_of, word
from shared.infrastructure.logging import request_id
from shared.publishing.domain.outcome import ACTION, CONFIRM, RESPONSIBLE
from shared.publishing.domain.recurrence import Recurrence, RecurrenceStatus
from shared.publishing.domain.schedule import Schedule, Status
from shared.publishing.domain.slot import Slot
from shared.publishing.domain.waiting import WaitingReason

schedules = Table(
    "schedules",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("post_id", Uuid, ForeignKey("posts.id"), nullable=False),
    Column("post_variant_id", Uuid, ForeignKey("post_variants.id"), nullable=False),
    Column("channel_connection_id", Uuid, ForeignKey("channel_connections.id"), nullable=False),
    Column("channel", String(50), nullable=False),
    Column("run_at", DateTime(timezone=True), nullable=False),
    Column("timezone", String(100), nullable=False),
    Column("status", word(Status), nullable=False),
    Column("next_attempt_at", DateTime(timezone=True), nullable=False),
    Column("lease_expires_at", DateTime(timezone=True)),
    Column(
        "due_at",
        DateTime(timezone=True),
        Computed(
            "CASE WHEN status::text <> 'pending'::text THEN lease_expires_at"
            " WHEN waiting_reason::text = 'PREVIOUS_PART'::text"
            " THEN NULL::timestamp with time zone"
            " ELSE COALESCE(held_until, next_attempt_at) END",
            persisted=True,
        ),
        comment="when the scanner must look at it next",
    ),
    Column(
        "ripe_at",
        DateTime(timezone=True),
        Computed(
            "CASE WHEN waiting_reason::text = 'PREVIOUS_PART'::text"
            " THEN NULL::timestamp with time zone"
            " WHEN status::text = 'pending'::text OR status::text = 'queued'::text"
            " OR status::text = 'processing'::text THEN COALESCE(held_until, next_attempt_at)"
            " ELSE NULL::timestamp with time zone END",
            persisted=True,
        ),
        comment="from when on it may be claimed, unless somebody has a lease on it",
    ),
    Column("fencing_token", BigInteger, nullable=False, server_default=text("0")),
    Column("started_token", BigInteger, nullable=False, server_default=text("0")),
    Column("attempt_count", Integer, nullable=False, server_default=text("0")),
    Column("attempts_allowed", Integer, nullable=False),
    Column("last_attempt_at", DateTime(timezone=True)),
    Column("error_class", String(20)),
    Column("error_code", String(100)),
    Column("error_message", Text),
    Column("action_required", String(20)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("cancelled_at", DateTime(timezone=True)),
    Column("cancellation_reason", String(500)),
    Column("deleted_at", DateTime(timezone=True)),
    Column("held_until", DateTime(timezone=True)),
    Column("waiting_reason", word(WaitingReason)),
    Column("part", Integer, nullable=False, server_default=text("0")),
    Column("root_schedule_id", Uuid, ForeignKey("schedules.id")),
    Column("delay_seconds", Integer, nullable=False, server_default=text("0")),
    Column("recurrence_id", Uuid, ForeignKey("recurrences.id")),
    Column("occurrence_at", DateTime(timezone=True)),
    Column(
        "request_id",
        String(128),
        default=lambda: request_id.get() or None,
        comment="the request that it goes back to",
    ),
    one_of("status", Status),
    one_of("waiting_reason", WaitingReason),
    CheckConstraint("waiting_reason IS NULL OR status = 'pending'", name="waiting"),
    CheckConstraint("held_until IS NULL OR waiting_reason IS NOT NULL", name="held"),
    CheckConstraint("(part = 0) = (root_schedule_id IS NULL)", name="part"),
    CheckConstraint("(recurrence_id IS NULL) = (occurrence_at IS NULL)", name="occurrence_at"),
    one_of("error_class", RESPONSIBLE),
    one_of("action_required", [*ACTION.values(), CONFIRM]),
    CheckConstraint(
        "(status IN ('queued', 'processing')) = (lease_expires_at IS NOT NULL)", name="lease"
    ),
    CheckConstraint("started_token <= fencing_token", name="started_token"),
    # A claim and the start of an attempt change nothing that an index knows, not even in its
    # condition: so both are written where the row lies (HOT), whatever there is around it.
    Index("ix_schedules_ripe_at", "ripe_at", postgresql_where=text("ripe_at IS NOT NULL")),
    Index(
        "ix_schedules_organization_id_run_at",
        "organization_id",
        "run_at",
        postgresql_where=text("deleted_at IS NULL"),
    ),
    Index(
        "uq_schedules_recurrence_id_occurrence_at_part",
        "recurrence_id",
        "occurrence_at",
        "part",
        unique=True,
        postgresql_where=text("recurrence_id IS NOT NULL"),
    ),
    Index(
        "uq_schedules_root_schedule_id_part",
        "root_schedule_id",
        "part",
        unique=True,
        postgresql_where=text("root_schedule_id IS NOT NULL"),
    ),
    Index(
        "ix_schedules_waiting",
        "channel_connection_id",
        "held_until",
        postgresql_where=text("waiting_reason IS NOT NULL"),
    ),
    Index("ix_schedules_post_id", "post_id"),
    Index("ix_schedules_post_variant_id", "post_variant_id"),
    Index("ix_schedules_channel_connection_id_run_at", "channel_connection_id", "run_at"),
    postgresql_with={"fillfactor": 75},
)

queued_claims = Table(
    "queued_claims",
    metadata,
    Column("schedule_id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("channel_connection_id", Uuid, nullable=False),
    Column("lease_expires_at", DateTime(timezone=True), nullable=False),
    Index(None, "channel_connection_id"),
    comment="what waits in the queues, as an index of schedules would have it",
)
"""A row may outlive its schedule's stay in a queue, until the lease lapses; whoever needs to be
exact asks the schedule as well."""

publish_events = Table(
    "publish_events",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("schedule_id", Uuid, ForeignKey("schedules.id"), nullable=False),
    Column("channel_connection_id", Uuid, ForeignKey("channel_connections.id")),
    Column("attempt", Integer, nullable=False),
    Column("fencing_token", BigInteger, nullable=False),
    Column("status", String(20), nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("external_post_id", String(500)),
    Column("external_url", Text),
    Column("error_class", String(20)),
    Column("error_code", String(100)),
    Column("error_message", Text),
    Column("responsible", String(20)),
    Column("action_required", String(20)),
    Column("response_time_ms", Integer),
    Column("retry_allowed", Boolean),
    Column("resolved_by", Uuid, ForeignKey("users.id")),
    Column("progress", JSONB(none_as_null=True), comment="what the next attempt goes on from"),
    Column("request_id", String(128), comment="the request that it goes back to"),
    UniqueConstraint("schedule_id", "attempt"),
    UniqueConstraint("schedule_id", "fencing_token"),
    one_of("status", ["started", "pending", "success", "retried", "failed", "unknown"]),
    one_of("error_class", RESPONSIBLE),
    one_of("responsible", [*RESPONSIBLE.values()]),
    one_of("action_required", [*ACTION.values(), CONFIRM]),
    CheckConstraint("(status = 'started') = (finished_at IS NULL)", name="finished"),
    Index(None, "channel_connection_id", "started_at"),
    comment="one row an attempt, written before anything leaves",
    postgresql_with={"fillfactor": 70},  # an ending is in no index, so it is written in place
)

connection_budgets = Table(
    "connection_budgets",
    metadata,
    Column("channel_connection_id", Uuid, ForeignKey("channel_connections.id"), primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("observed_at", DateTime(timezone=True), nullable=False),
    Column("remaining", Integer, nullable=False),
    Column("resets_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("remaining >= 0", name="remaining"),
    comment="what the network said last of how many more it takes, and until when",
)

recurrences = Table(
    "recurrences",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("post_id", Uuid, ForeignKey("posts.id"), nullable=False),
    Column("post_variant_id", Uuid, ForeignKey("post_variants.id"), nullable=False),
    Column("channel_connection_id", Uuid, ForeignKey("channel_connections.id"), nullable=False),
    Column("rule", String(500), nullable=False),
    Column("timezone", String(100), nullable=False),
    Column(
        "starts_at_local", String(19), nullable=False, comment="ISO 8601, on the clock of the zone"
    ),
    Column("status", word(RecurrenceStatus), nullable=False),
    Column("planned_until", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("deleted_at", DateTime(timezone=True)),
    one_of("status", RecurrenceStatus),
    Index(
        "ix_recurrences_organization_id_created_at",
        "organization_id",
        "created_at",
        postgresql_where=text("deleted_at IS NULL"),
    ),
    Index(
        "ix_recurrences_planned_until",
        "planned_until",
        postgresql_where=text("status = 'active' AND deleted_at IS NULL"),
    ),
)

posting_slots = Table(
    "posting_slots",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False, index=True),
    Column("created_by", Uuid, ForeignKey("users.id"), nullable=False),
    Column("channel_connection_id", Uuid, ForeignKey("channel_connections.id"), nullable=False),
    Column("weekday", SmallInteger, nullable=False, comment="0 is Monday"),
    Column("local_time", Time, nullable=False),
    Column("timezone", String(100), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    UniqueConstraint("channel_connection_id", "weekday", "local_time", "timezone"),
)

mappers.map_imperatively(
    Schedule, schedules, exclude_properties=["due_at", "ripe_at", "request_id"]
)
mappers.map_imperatively(Recurrence, recurrences)
mappers.map_imperatively(Slot, posting_slots)
