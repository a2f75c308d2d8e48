"""UI presets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "ui_presets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "organization_id",
            sa.Uuid(),
            nullable=False,
            comment="of the platform's: where it was made; everybody sees it",
        ),
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("role", sa.String(20)),
        sa.Column("custom_role_id", sa.Uuid()),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("settings", postgresql.JSONB(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "scope IN ('user', 'role', 'organization', 'platform')",
            name=op.f("ck_ui_presets_scope"),
        ),
        sa.CheckConstraint(
            "role IN ('owner', 'admin', 'editor', 'user', 'viewer')",
            name=op.f("ck_ui_presets_role"),
        ),
        sa.CheckConstraint(
            "(user_id IS NOT NULL) = (scope = 'user')"
            " AND num_nonnulls(role, custom_role_id) = CAST(scope = 'role' AS integer)",
            name=op.f("ck_ui_presets_audience"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_ui_presets_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_ui_presets_user_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["custom_role_id"],
            ["custom_roles.id"],
            name=op.f("fk_ui_presets_custom_role_id_custom_roles"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_ui_presets_created_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ui_presets")),
    )
    for name, columns, where in (
        ("user", ["organization_id", "user_id"], "user_id IS NOT NULL"),
        ("role", ["organization_id", "role"], "role IS NOT NULL"),
        ("custom_role", ["custom_role_id"], "custom_role_id IS NOT NULL"),
        ("organization", ["organization_id"], "scope = 'organization'"),
        ("platform", ["scope"], "scope = 'platform'"),
    ):
        op.create_index(
            f"uq_ui_presets_{name}",
            "ui_presets",
            columns,
            unique=True,
            postgresql_where=sa.text(where),
        )


def downgrade() -> None:
    op.drop_table("ui_presets")
