"""Credentials beside passwords, custom roles and grants, invitations, the outbox, audit logs.

Old code goes on: what it does not know has defaults. What it cannot read is there only once new
code writes it: the statuses `rejected` and `pending_verification`, and the auth_method `key`. Have
new code everywhere before the first user is rejected and the first service account made.

Constraints on tables that exist are validated at once: their rows are people, their organizations
and their sign-ins, read through once, and the new columns are empty. NOT VALID would spare writers
only if VALIDATE had a transaction of its own, outside the one that makes upgrades wait for each
other and end when a lock or a statement takes too long.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _proofs()
    _keys()
    _roles()
    _invitations()
    _messages_and_records()
    _sessions()
    _users()


def _proofs() -> None:
    """What people prove themselves with beside passwords."""
    op.create_table(
        "external_identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(60), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(255)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_external_identities_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identities")),
        sa.UniqueConstraint(
            "issuer", "subject", name=op.f("uq_external_identities_issuer_subject")
        ),
        sa.UniqueConstraint(
            "user_id", "provider", name=op.f("uq_external_identities_user_id_provider")
        ),
    )
    op.create_table(
        "one_time_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('email_verification', 'password_reset', 'second_factor', 'external_state', 'external_code', 'passkey_register', 'passkey_login')",
            name=op.f("ck_one_time_tokens_purpose"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_one_time_tokens_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_tokens_token_hash")),
    )
    op.create_index(op.f("ix_one_time_tokens_expires_at"), "one_time_tokens", ["expires_at"])
    op.create_index(op.f("ix_one_time_tokens_user_id"), "one_time_tokens", ["user_id"])
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("transports", postgresql.ARRAY(sa.String(20)), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_passkeys_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_passkeys_user_id"), "passkeys", ["user_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint(
            "user_id", "code_hash", name=op.f("uq_recovery_codes_user_id_code_hash")
        ),
    )
    op.create_table(
        "totp_secrets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(60), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column(
            "last_step",
            sa.BigInteger(),
            comment="the time step last used, so that no code works twice",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_totp_secrets_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_totp_secrets")),
        sa.UniqueConstraint("user_id", name=op.f("uq_totp_secrets_user_id")),
    )


def _keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False, comment="who the key acts as"),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("prefix", sa.String(20), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.String(80)), nullable=False),
        sa.Column(
            "channels",
            postgresql.ARRAY(sa.String(60)),
            comment="the only channels it may use; null for all",
        ),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.Column("last_used_address", sa.String(45)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_by", sa.Uuid()),
        sa.CheckConstraint(
            "expires_at - created_at <= interval '3653 days'",
            name=op.f("ck_api_keys_expires_at"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_api_keys_created_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_api_keys_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["users.id"], name=op.f("fk_api_keys_revoked_by_users")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    op.create_index(
        op.f("ix_api_keys_organization_id_created_at"),
        "api_keys",
        ["organization_id", "created_at"],
    )
    op.create_index(
        "ix_api_keys_user_id",
        "api_keys",
        ["user_id"],
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def _roles() -> None:
    op.create_table(
        "custom_roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("permissions", postgresql.ARRAY(sa.String(80)), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name=op.f("fk_custom_roles_created_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_custom_roles_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_roles")),
    )
    op.create_index(
        "uq_custom_roles_live_slug",
        "custom_roles",
        ["organization_id", "slug"],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "permission_grants",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.String(80), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["users.id"], name=op.f("fk_permission_grants_granted_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_permission_grants_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_permission_grants_user_id_users")
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "user_id", "permission", name=op.f("pk_permission_grants")
        ),
    )
    op.create_index(op.f("ix_permission_grants_user_id"), "permission_grants", ["user_id"])
    op.add_column("memberships", sa.Column("custom_role_id", sa.Uuid()))
    op.create_index(op.f("ix_memberships_custom_role_id"), "memberships", ["custom_role_id"])
    op.create_foreign_key(
        op.f("fk_memberships_custom_role_id_custom_roles"),
        "memberships",
        "custom_roles",
        ["custom_role_id"],
        ["id"],
    )


def _invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("custom_role_id", sa.Uuid()),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("accepted_by", sa.Uuid()),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "role IN ('owner', 'admin', 'editor', 'user', 'viewer')",
            name=op.f("ck_invitations_role"),
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by"], ["users.id"], name=op.f("fk_invitations_accepted_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["custom_role_id"],
            ["custom_roles.id"],
            name=op.f("fk_invitations_custom_role_id_custom_roles"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by"], ["users.id"], name=op.f("fk_invitations_invited_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_invitations_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(
        "uq_invitations_open_email",
        "invitations",
        ["organization_id", "email"],
        unique=True,
        postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
    )


def _messages_and_records() -> None:
    op.create_table(
        "outbox_messages",
        sa.Column(
            "id", sa.Uuid(), nullable=False, comment="travels with the message: what is done once"
        ),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("queue", sa.String(60), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("key_id", sa.String(60), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=False, comment="empty once it is done"),
        sa.Column(
            "attempts",
            sa.Integer(),
            nullable=False,
            comment="how often it was handed to the broker",
        ),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "taken_until", sa.DateTime(timezone=True), comment="somebody is at it until then"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("last_error", sa.String(500)),
        sa.CheckConstraint(
            "(state = 'waiting') = (ended_at IS NULL)", name=op.f("ck_outbox_messages_ended_at")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'failed')", name=op.f("ck_outbox_messages_state")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_outbox_messages_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
    )
    op.create_index(
        "ix_outbox_messages_next_attempt_at",
        "outbox_messages",
        ["next_attempt_at"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "audit_logs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("resource_type", sa.String(60), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(45)),
        sa.Column("user_agent", sa.Text()),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_audit_logs_organization_id_organizations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_logs")),
        comment="who did what, for whoever has to prove it; rows are only added",
    )
    op.create_index(
        op.f("ix_audit_logs_organization_id_occurred_at"),
        "audit_logs",
        ["organization_id", "occurred_at"],
    )
    op.create_index(op.f("ix_audit_logs_resource_id"), "audit_logs", ["resource_id"])


def _sessions() -> None:
    op.add_column(
        "organizations",
        sa.Column(
            "session_policy", sa.String(20), server_default=sa.text("'multiple'"), nullable=False
        ),
    )
    op.add_column("user_sessions", sa.Column("end_kind", sa.String(20)))
    op.add_column(
        "user_sessions",
        sa.Column(
            "version",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="how many sessions the user had opened by then; clients may hold it against ours",
        ),
    )
    op.create_index(
        op.f("ix_user_sessions_user_id_version"), "user_sessions", ["user_id", "version"]
    )
    for table, name, condition in (
        ("organizations", "session_policy", "session_policy IN ('multiple', 'single')"),
        (
            "user_sessions",
            "end_kind",
            "end_kind IN ('logout', 'revoked', 'kicked', 'credentials', 'reused')",
        ),
    ):
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def _users() -> None:
    op.add_column("users", sa.Column("rejected_by", sa.Uuid()))
    op.add_column("users", sa.Column("rejected_at", sa.DateTime(timezone=True)))
    op.add_column("users", sa.Column("email_verified_at", sa.DateTime(timezone=True)))
    op.add_column("users", sa.Column("password_changed_at", sa.DateTime(timezone=True)))
    op.create_foreign_key(
        op.f("fk_users_rejected_by_users"), "users", "users", ["rejected_by"], ["id"]
    )
    _replace_check("auth_method", ["password", "oauth", "key"])
    _replace_check(
        "status", ["pending_verification", "pending_approval", "active", "rejected", "disabled"]
    )


def downgrade() -> None:
    op.execute("UPDATE users SET status = 'disabled' WHERE status = 'rejected'")
    op.execute(
        "UPDATE users SET status = 'pending_approval' WHERE status = 'pending_verification'"
    )
    op.execute(
        "UPDATE users SET auth_method = 'oauth', status = 'disabled' WHERE auth_method = 'key'"
    )
    _replace_check("auth_method", ["password", "oauth"])
    _replace_check("status", ["pending_approval", "active", "disabled"])
    op.drop_constraint(op.f("fk_users_rejected_by_users"), "users", type_="foreignkey")
    op.drop_column("users", "password_changed_at")
    op.drop_column("users", "email_verified_at")
    op.drop_column("users", "rejected_at")
    op.drop_column("users", "rejected_by")
    op.drop_index(op.f("ix_user_sessions_user_id_version"), "user_sessions")
    op.drop_column("user_sessions", "version")
    op.drop_column("user_sessions", "end_kind")
    op.drop_column("organizations", "session_policy")
    op.drop_constraint(
        op.f("fk_memberships_custom_role_id_custom_roles"), "memberships", type_="foreignkey"
    )
    op.drop_index(op.f("ix_memberships_custom_role_id"), table_name="memberships")
    op.drop_column("memberships", "custom_role_id")
    op.drop_table("invitations")
    op.drop_table("totp_secrets")
    op.drop_table("recovery_codes")
    op.drop_table("permission_grants")
    op.drop_table("passkeys")
    op.drop_table("outbox_messages")
    op.drop_table("one_time_tokens")
    op.drop_table("external_identities")
    op.drop_table("custom_roles")
    op.drop_table("audit_logs")
    op.drop_table("api_keys")


def _replace_check(column: str, words: list[str]) -> None:
    name, listed = op.f(f"ck_users_{column}"), ", ".join(f"'{word}'" for word in words)
    op.drop_constraint(name, "users", type_="check")
    op.create_check_constraint(name, "users", f"{column} IN ({listed})")
