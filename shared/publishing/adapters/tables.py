"""Tables of publishing, and the aggregate that lives in one of them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from shared.infrastructure.database import mappers, metadata, one_of, word
from shared.publishing.domain.outcome import ACTION, CONFIRM, RESPONSIBLE
from shared.publishing.domain.schedule import Schedule, Status

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
            "CASE WHEN status::text = 'pending'::text THEN next_attempt_at"
            " ELSE lease_expires_at END",
            persisted=True,
        ),
        comment="when the scanner must look at it next",
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
    one_of("status", Status),
    one_of("error_class", RESPONSIBLE),
    one_of("action_required", [*ACTION.values(), CONFIRM]),
    CheckConstraint(
        "(status IN ('queued', 'processing')) = (lease_expires_at IS NOT NULL)", name="lease"
    ),
    CheckConstraint("started_token <= fencing_token", name="started_token"),
    Index("ix_schedules_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    Index(
        "ix_schedules_organization_id_run_at",
        "organization_id",
        "run_at",
        postgresql_where=text("deleted_at IS NULL"),
    ),
    Index("ix_schedules_post_id", "post_id"),
    Index("ix_schedules_post_variant_id", "post_variant_id"),
    Index("ix_schedules_channel_connection_id", "channel_connection_id"),
)

publish_events = Table(
    "publish_events",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", Uuid, ForeignKey("organizations.id"), nullable=False),
    Column("schedule_id", Uuid, ForeignKey("schedules.id"), nullable=False),
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
    UniqueConstraint("schedule_id", "attempt"),
    UniqueConstraint("schedule_id", "fencing_token"),
    one_of("status", ["started", "success", "retried", "failed", "unknown"]),
    one_of("error_class", RESPONSIBLE),
    one_of("responsible", [*RESPONSIBLE.values()]),
    one_of("action_required", [*ACTION.values(), CONFIRM]),
    CheckConstraint("(status = 'started') = (finished_at IS NULL)", name="finished"),
    comment="one row an attempt, written before anything leaves",
)

mappers.map_imperatively(Schedule, schedules, exclude_properties=["due_at"])
