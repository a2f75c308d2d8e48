"""The roles of an organization, the built-in ones and its own, with how many have each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select

from shared.identity.adapters.access_tables import custom_roles
from shared.identity.adapters.tables import memberships, users
from shared.identity.domain.custom_role import CustomRole
from shared.identity.domain.roles import PERMISSIONS, Role
from shared.infrastructure.database import transaction
from shared.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class RoleView:
    """`id` is a custom role's; the built-in ones are known by their slug, which is their word."""

    id: UUID | None
    slug: str
    name: str
    description: str | None
    permissions: Sequence[str]
    members: int
    created_at: datetime | None = None
    updated_at: datetime | None = None


_DESCRIPTIONS = {
    Role.OWNER: "May everything, and hand the organization over",
    Role.ADMIN: "May everything but manage owners and admins",
    Role.EDITOR: "Writes, changes, deletes and schedules everybody's posts",
    Role.USER: "Writes, changes, deletes and schedules posts of their own",
    Role.VIEWER: "Sees everything and changes nothing",
}

_members_with = (
    select(func.count())
    .select_from(memberships)
    .join(users, users.c.id == memberships.c.user_id)
    .where(memberships.c.custom_role_id == custom_roles.c.id, users.c.deleted_at.is_(None))
    .scalar_subquery()
)
_CUSTOM: Select[Any] = select(*custom_roles.c, _members_with.label("members"))


def roles_of_organization(actor: Actor) -> list[RoleView]:
    """The built-in roles from the highest down, then the organization's own by their names."""
    own = (
        custom_roles.c.organization_id == actor.organization_id,
        custom_roles.c.deleted_at.is_(None),
    )
    counted = (
        select(memberships.c.role, func.count())
        .join(users, users.c.id == memberships.c.user_id)
        .where(
            memberships.c.organization_id == actor.organization_id,
            memberships.c.custom_role_id.is_(None),
            users.c.deleted_at.is_(None),
        )
        .group_by(memberships.c.role)
    )
    with transaction() as session:
        members: dict[Role, int] = dict(session.execute(counted).all())
        custom = session.execute(
            _CUSTOM.where(*own).order_by(custom_roles.c.name, custom_roles.c.slug)
        ).all()
    return [*(_built_in(role, members.get(role, 0)) for role in Role), *map(_view, custom)]


def one_custom_role(actor: Actor, role_id: UUID) -> RoleView:
    """A live role.

    Raises:
        NotFound: `ROLE_NOT_FOUND`.
        PermissionDenied: `ROLE_ACCESS_DENIED`.
    """
    wanted = custom_roles.c.id == role_id, custom_roles.c.deleted_at.is_(None)
    with transaction() as session:
        actor.in_organization(session.scalar(select(CustomRole).where(*wanted)), "role")
        return _view(session.execute(_CUSTOM.where(*wanted)).one())


def _built_in(role: Role, members: int) -> RoleView:
    return RoleView(
        id=None,
        slug=role,
        name=role.capitalize(),
        description=_DESCRIPTIONS[role],
        permissions=sorted(PERMISSIONS[role]),
        members=members,
    )


def _view(row: Row[Any]) -> RoleView:
    return RoleView(
        id=row.id,
        slug=row.slug,
        name=row.name,
        description=row.description,
        permissions=row.permissions,
        members=row.members,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
