"""Schedules, and the ledger of every attempt to publish one."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("post_variant_id", sa.Uuid(), nullable=False),
        sa.Column("channel_connection_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(50), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(100), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True)),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            sa.Computed(
                "CASE WHEN status::text = 'pending'::text THEN next_attempt_at ELSE lease_expires_at END",
                persisted=True,
            ),
            comment="when the scanner must look at it next",
        ),
        sa.Column("fencing_token", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("started_token", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempt_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempts_allowed", sa.Integer(), nullable=False),
        sa.Column("last_attempt_at", sa.DateTime(timezone=True)),
        sa.Column("error_class", sa.String(20)),
        sa.Column("error_code", sa.String(100)),
        sa.Column("error_message", sa.Text()),
        sa.Column("action_required", sa.String(20)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column("cancellation_reason", sa.String(500)),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "error_class IN ('authentication', 'permission', 'content', 'media', 'rate_limit',"
            " 'quota', 'network', 'platform', 'unknown')",
            name=op.f("ck_schedules_error_class"),
        ),
        sa.CheckConstraint(
            "action_required IN ('reconnect', 'edit', 'confirm')",
            name=op.f("ck_schedules_action_required"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'queued', 'processing', 'success', 'failed', 'unknown', 'cancelled', 'skipped')",
            name=op.f("ck_schedules_status"),
        ),
        sa.CheckConstraint(
            "(status IN ('queued', 'processing')) = (lease_expires_at IS NOT NULL)",
            name=op.f("ck_schedules_lease"),
        ),
        sa.CheckConstraint(
            "started_token <= fencing_token", name=op.f("ck_schedules_started_token")
        ),
        sa.ForeignKeyConstraint(
            ["channel_connection_id"],
            ["channel_connections.id"],
            name=op.f("fk_schedules_channel_connection_id_channel_connections"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_schedules_created_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_schedules_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_schedules_post_id_posts")),
        sa.ForeignKeyConstraint(
            ["post_variant_id"],
            ["post_variants.id"],
            name=op.f("fk_schedules_post_variant_id_post_variants"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )
    op.create_index("ix_schedules_channel_connection_id", "schedules", ["channel_connection_id"])
    op.create_index(
        "ix_schedules_due_at",
        "schedules",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_schedules_organization_id_run_at",
        "schedules",
        ["organization_id", "run_at"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_schedules_post_id", "schedules", ["post_id"])
    op.create_index("ix_schedules_post_variant_id", "schedules", ["post_variant_id"])
    op.create_table(
        "publish_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fencing_token", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("external_post_id", sa.String(500)),
        sa.Column("external_url", sa.Text()),
        sa.Column("error_class", sa.String(20)),
        sa.Column("error_code", sa.String(100)),
        sa.Column("error_message", sa.Text()),
        sa.Column("responsible", sa.String(20)),
        sa.Column("action_required", sa.String(20)),
        sa.CheckConstraint(
            "error_class IN ('authentication', 'permission', 'content', 'media', 'rate_limit',"
            " 'quota', 'network', 'platform', 'unknown')",
            name=op.f("ck_publish_events_error_class"),
        ),
        sa.CheckConstraint(
            "responsible IN ('user', 'system', 'platform')",
            name=op.f("ck_publish_events_responsible"),
        ),
        sa.CheckConstraint(
            "action_required IN ('reconnect', 'edit', 'confirm')",
            name=op.f("ck_publish_events_action_required"),
        ),
        sa.CheckConstraint(
            "(status = 'started') = (finished_at IS NULL)", name=op.f("ck_publish_events_finished")
        ),
        sa.CheckConstraint(
            "status IN ('started', 'success', 'retried', 'failed', 'unknown')",
            name=op.f("ck_publish_events_status"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_publish_events_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name=op.f("fk_publish_events_schedule_id_schedules")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publish_events")),
        sa.UniqueConstraint(
            "schedule_id", "attempt", name=op.f("uq_publish_events_schedule_id_attempt")
        ),
        sa.UniqueConstraint(
            "schedule_id", "fencing_token", name=op.f("uq_publish_events_schedule_id_fencing_token")
        ),
        comment="one row an attempt, written before anything leaves",
    )


def downgrade() -> None:
    op.drop_table("publish_events")
    op.drop_table("schedules")
