"""Applications at networks, and connecting through them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "channel_applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(50), nullable=False),
        sa.Column("server", sa.String(255), nullable=False),
        sa.Column("client_id_masked", sa.String(20), nullable=False),
        sa.Column("credentials", sa.LargeBinary(), nullable=False),
        sa.Column("credentials_key_id", sa.String(50), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_channel_applications_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_channel_applications_created_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_applications")),
        sa.UniqueConstraint(
            "organization_id", "channel", name="uq_channel_applications_organization_id_channel"
        ),
    )
    op.create_table(
        "platform_applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(50), nullable=False),
        sa.Column("server", sa.String(255), nullable=False),
        sa.Column("redirect_uri", sa.String(500)),
        sa.Column("client_id_masked", sa.String(20), nullable=False),
        sa.Column("credentials", sa.LargeBinary(), nullable=False),
        sa.Column("credentials_key_id", sa.String(50), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_applications")),
    )
    op.create_index(
        "uq_platform_applications_kept",
        "platform_applications",
        ["channel"],
        unique=True,
        postgresql_where=sa.text("redirect_uri IS NULL"),
    )
    op.create_index(
        "uq_platform_applications_registered",
        "platform_applications",
        ["channel", "server", "redirect_uri"],
        unique=True,
        postgresql_where=sa.text("redirect_uri IS NOT NULL"),
    )
    op.create_table(
        "channel_journeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(50), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("channel_connection_id", sa.Uuid()),
        sa.Column("secret_hash", sa.String(64)),
        sa.Column("browser_hash", sa.String(64), nullable=False),
        sa.Column("redirect_uri", sa.String(500), nullable=False),
        sa.Column("display_name", sa.String(200)),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_key_id", sa.String(50), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('away', 'choosing')", name=op.f("ck_channel_journeys_state")
        ),
        sa.CheckConstraint(
            "(state = 'away') = (secret_hash IS NOT NULL)",
            name=op.f("ck_channel_journeys_secret_hash"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_channel_journeys_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_channel_journeys_created_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["channel_connection_id"],
            ["channel_connections.id"],
            name=op.f("fk_channel_journeys_channel_connection_id_channel_connections"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_journeys")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_channel_journeys_secret_hash")),
    )
    op.create_index(op.f("ix_channel_journeys_expires_at"), "channel_journeys", ["expires_at"])
    op.add_column("channel_connections", sa.Column("application_id", sa.Uuid()))
    op.add_column("channel_connections", sa.Column("grant_id", sa.Uuid()))
    op.create_index(
        "ix_channel_connections_grant_id",
        "channel_connections",
        ["grant_id"],
        postgresql_where=sa.text("grant_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_channel_connections_grant_id", "channel_connections")
    op.drop_column("channel_connections", "grant_id")
    op.drop_column("channel_connections", "application_id")
    op.drop_table("channel_journeys")
    op.drop_table("platform_applications")
    op.drop_table("channel_applications")
