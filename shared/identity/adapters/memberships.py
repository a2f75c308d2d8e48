"""Where people belong and what they may there, read in one query however many are asked for."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from shared.identity.adapters.access_tables import custom_roles, permission_grants
from shared.identity.adapters.tables import memberships, organizations, users
from shared.identity.domain.profile import CustomRoleView, MembershipView
from shared.identity.domain.roles import Role
from shared.identity.domain.user import UserStatus
from shared.infrastructure.database import among
from shared.kernel.ids import OrganizationId

_granted = (
    select(func.array_agg(permission_grants.c.permission))
    .where(
        permission_grants.c.organization_id == memberships.c.organization_id,
        permission_grants.c.user_id == memberships.c.user_id,
    )
    .scalar_subquery()
)

_COLUMNS = (
    memberships.c.organization_id,
    organizations.c.name.label("organization_name"),
    memberships.c.user_id,
    memberships.c.role,
    custom_roles.c.id.label("custom_role_id"),
    custom_roles.c.slug.label("custom_role_slug"),
    custom_roles.c.name.label("custom_role_name"),
    custom_roles.c.permissions.label("custom_role_permissions"),
    _granted.label("granted"),
)


def memberships_of(
    session: Session, user_ids: Collection[UUID]
) -> dict[UUID, list[MembershipView]]:
    """Where each user belongs, oldest first.

    Who registers by an invitation gets two at the same moment: their own organization is the
    younger one, and comes first.
    """
    found: defaultdict[UUID, list[MembershipView]] = defaultdict(list)
    wanted = select_memberships().where(among(memberships.c.user_id, user_ids))
    for row in session.execute(
        wanted.order_by(memberships.c.created_at, memberships.c.organization_id.desc())
    ):
        found[row.user_id].append(membership_view(row))
    return found


def answered_for(session: Session, programs: Collection[UUID]) -> set[UUID]:
    """Those service accounts whose organization has an owner who could act.

    Else whoever is shut out would go on by a key that they made before.
    """
    owners = memberships.alias()
    return set(
        session.scalars(
            select(memberships.c.user_id)
            .join(owners, owners.c.organization_id == memberships.c.organization_id)
            .join(users, users.c.id == owners.c.user_id)
            .where(
                among(memberships.c.user_id, programs),
                owners.c.role == Role.OWNER,
                users.c.status == UserStatus.ACTIVE,
                users.c.deleted_at.is_(None),
            )
        )
    )


def membership(
    session: Session, organization_id: OrganizationId, user_id: UUID
) -> MembershipView | None:
    row = session.execute(
        select_memberships().where(
            memberships.c.organization_id == organization_id, memberships.c.user_id == user_id
        )
    ).one_or_none()
    return membership_view(row) if row else None


def select_memberships(*more: Any) -> Select[Any]:
    """What `membership_view` reads, and more columns."""
    return (
        select(*_COLUMNS, *more)
        .select_from(memberships)
        .join(organizations, organizations.c.id == memberships.c.organization_id)
        .outerjoin(
            custom_roles,
            and_(
                custom_roles.c.id == memberships.c.custom_role_id,
                custom_roles.c.deleted_at.is_(None),
            ),
        )
    )


def membership_view(row: Row[Any]) -> MembershipView:
    return MembershipView(
        organization_id=OrganizationId(row.organization_id),
        organization_name=row.organization_name,
        role=row.role,
        custom_role=row.custom_role_id
        and CustomRoleView(
            id=row.custom_role_id,
            slug=row.custom_role_slug,
            name=row.custom_role_name,
            permissions=frozenset(row.custom_role_permissions),
        ),
        granted=frozenset(row.granted or ()),
    )
