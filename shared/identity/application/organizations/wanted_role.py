"""A role that somebody is to have: a built-in one, or one the organization made."""

from dataclasses import dataclass
from uuid import UUID

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.custom_role import CustomRole
from shared.identity.domain.roles import Role
from shared.identity.domain.standing import Standing
from shared.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class WantedRole:
    """With a custom role, `role` is `viewer` and means nothing."""

    role: Role
    custom: CustomRole | None = None

    @property
    def name(self) -> str:
        return self.custom.slug if self.custom else self.role

    @property
    def custom_role_id(self) -> UUID | None:
        return self.custom.id if self.custom else None

    @property
    def standing(self) -> Standing:
        return custom_standing(self.custom) if self.custom else Standing.of_role(self.role)


def wanted_role(work: IdentityUnitOfWork, *, actor: Actor, wanted: Role | UUID) -> WantedRole:
    """Find the role, while the organization is locked; a custom one is named by its id.

    Raises:
        NotFound: `ROLE_NOT_FOUND`.
        PermissionDenied: `ROLE_ACCESS_DENIED`.
    """
    if isinstance(wanted, Role):
        return WantedRole(role=wanted)
    found = work.custom_roles.get(wanted)
    custom = actor.in_organization(found, "role", field="custom_role_id")
    return WantedRole(role=Role.VIEWER, custom=custom)


def custom_standing(role: CustomRole) -> Standing:
    return Standing(permissions=frozenset(role.permissions))
