"""The tenant, and who belongs to it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.identity.domain.roles import Role
from shared.identity.domain.user import User
from shared.kernel.ids import OrganizationId, new_id


class SessionPolicy(StrEnum):
    """How many sessions a member may have at a time: with `SINGLE` a login ends the older ones."""

    MULTIPLE = "multiple"
    SINGLE = "single"


@dataclass(kw_only=True, eq=False)
class Organization:
    id: OrganizationId
    name: str
    created_at: datetime
    updated_at: datetime
    session_policy: SessionPolicy = SessionPolicy.MULTIPLE


@dataclass(kw_only=True, eq=False)
class Membership:
    """With a custom role, that one says what the member may do, and `role` is `viewer`."""

    organization_id: OrganizationId
    user_id: UUID
    role: Role
    created_at: datetime
    custom_role_id: UUID | None = None


def personal_organization(user: User, *, now: datetime) -> tuple[Organization, Membership]:
    """The organization each person starts with, named after them and owned by them."""
    return found_organization(name=user.name, owner_id=user.id, now=now)


def found_organization(
    *, name: str, owner_id: UUID, now: datetime
) -> tuple[Organization, Membership]:
    organization = Organization(
        id=OrganizationId(new_id()), name=name, created_at=now, updated_at=now
    )
    membership = Membership(
        organization_id=organization.id, user_id=owner_id, role=Role.OWNER, created_at=now
    )
    return organization, membership
