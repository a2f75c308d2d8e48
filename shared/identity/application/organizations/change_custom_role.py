"""Change what a role of the organization's own is called and what it may."""

from uuid import UUID

from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.organizations.wanted_role import custom_standing
from shared.identity.application.ports import Begin
from shared.identity.domain.custom_role import CustomRole
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening


def change_custom_role(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    role_id: UUID,
    name: str | None = None,
    description: str | None = None,
    permissions: frozenset[str] | None = None,
) -> CustomRole:
    """Whoever has the role may what it says from the next request on.

    To change what it may is to manage all who have it: it must be below the actor.

    Raises:
        NotFound: `ROLE_NOT_FOUND`.
        PermissionDenied: `FORBIDDEN`, `ROLE_ACCESS_DENIED`, `INSUFFICIENT_ROLE` or
            `PERMISSION_NOT_HELD`.
        RuleViolation: `UNKNOWN_PERMISSION` or `VALIDATION_ERROR`.
    """
    with begin() as work:
        now = clock()
        standing = acting_standing(work, actor=actor, permission="roles:manage")
        role = actor.in_organization(work.custom_roles.get(role_id), "role")
        standing.demand_above(custom_standing(role))
        role.change(now=now, name=name, description=description, permissions=permissions)
        standing.demand_may_give(custom_standing(role))
        work.profiles.changed(
            work.memberships.user_ids(role.organization_id, custom_role_id=role.id)
        )
        work.happenings.record(
            Happened(
                what=Happening.ROLE_UPDATED,
                organization_id=role.organization_id,
                subject_id=role.id,
                actor_id=actor.user_id,
                at=now,
                details={"slug": role.slug, "permissions": role.permissions},
            )
        )
        return role
