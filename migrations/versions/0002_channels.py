"""Accounts at the networks, connected by organizations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "channel_connections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(50), nullable=False),
        sa.Column("external_account_id", sa.String(500), nullable=False),
        sa.Column("display_name", sa.String(200), nullable=False),
        sa.Column("account_username", sa.String(200), nullable=False),
        sa.Column("account_url", sa.Text()),
        sa.Column("account_avatar", sa.Text()),
        sa.Column("limits", postgresql.JSONB(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("error_message", sa.Text()),
        sa.Column("credentials", sa.LargeBinary()),
        sa.Column("credentials_key_id", sa.String(50)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("disconnected_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "status IN ('connected', 'error', 'disconnected')",
            name=op.f("ck_channel_connections_status"),
        ),
        sa.CheckConstraint(
            "(status = 'disconnected') = (credentials IS NULL)"
            " AND (credentials IS NULL) = (credentials_key_id IS NULL)",
            name=op.f("ck_channel_connections_credentials"),
        ),
        sa.CheckConstraint(
            "(status = 'disconnected') = (disconnected_at IS NOT NULL)",
            name=op.f("ck_channel_connections_disconnected_at"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_channel_connections_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["users.id"],
            name=op.f("fk_channel_connections_created_by_users"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_connections")),
        sa.UniqueConstraint(
            "organization_id",
            "channel",
            "external_account_id",
            name="uq_channel_connections_account",
        ),
    )


def downgrade() -> None:
    op.drop_table("channel_connections")
