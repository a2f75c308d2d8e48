"""The tables of who may do what: custom roles, direct grants, invitations."""

from sqlalchemy import Column, DateTime, ForeignKey, Index, String, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from shared.identity.domain.custom_role import CustomRole
from shared.identity.domain.invitation import Invitation
from shared.identity.domain.permission_grant import PermissionGrant
from shared.identity.domain.roles import Role
from shared.infrastructure.database import mappers, metadata, one_of, word

custom_roles = Table(
    "custom_roles",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("slug", String(60), nullable=False),
    Column("name", String(255), nullable=False),
    Column("description", Text),
    Column("permissions", ARRAY(String(80)), nullable=False),
    Column("created_by", ForeignKey("users.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("deleted_at", DateTime(timezone=True)),
    Index(
        "uq_custom_roles_live_slug",
        "organization_id",
        "slug",
        unique=True,
        postgresql_where=text("deleted_at IS NULL"),
    ),
)

permission_grants = Table(
    "permission_grants",
    metadata,
    Column("organization_id", ForeignKey("organizations.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("permission", String(80), primary_key=True),
    Column("granted_by", ForeignKey("users.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("organization_id", ForeignKey("organizations.id"), nullable=False),
    Column("email", String(254), nullable=False),
    Column("role", word(Role), nullable=False),
    Column("custom_role_id", ForeignKey("custom_roles.id")),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("invited_by", ForeignKey("users.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("accepted_at", DateTime(timezone=True)),
    Column("accepted_by", ForeignKey("users.id")),
    Column("revoked_at", DateTime(timezone=True)),
    one_of("role", Role),
    Index(
        "uq_invitations_open_email",
        "organization_id",
        "email",
        unique=True,
        postgresql_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
    ),
)

mappers.map_imperatively(CustomRole, custom_roles)
mappers.map_imperatively(PermissionGrant, permission_grants)
mappers.map_imperatively(Invitation, invitations)
