"""Make a role of the organization's own."""

from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.organizations.wanted_role import custom_standing
from shared.identity.application.ports import Begin
from shared.identity.domain.custom_role import MAXIMUM_ROLES, CustomRole
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happened, Happening


def create_custom_role(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    slug: str,
    name: str,
    description: str | None,
    permissions: frozenset[str],
) -> CustomRole:
    """Nobody makes a role that is not below their own.

    Raises:
        PermissionDenied: `FORBIDDEN`, `INSUFFICIENT_ROLE` or `PERMISSION_NOT_HELD`.
        RuleViolation: `INVALID_ROLE_SLUG`, `UNKNOWN_PERMISSION` or `VALIDATION_ERROR`.
        Conflict: `ROLE_SLUG_TAKEN` or `TOO_MANY_ROLES`.
    """
    with begin() as work:
        now = clock()
        standing = acting_standing(work, actor=actor, permission="roles:manage")
        role = CustomRole.make(
            organization_id=actor.organization_id,
            slug=slug,
            name=name,
            description=description,
            permissions=permissions,
            created_by=actor.user_id,
            now=now,
        )
        standing.demand_may_give(custom_standing(role))
        if work.custom_roles.count(actor.organization_id) >= MAXIMUM_ROLES:
            raise Conflict("TOO_MANY_ROLES", f"There are {MAXIMUM_ROLES} roles already")
        work.custom_roles.add(role)
        work.happenings.record(
            Happened(
                what=Happening.ROLE_CREATED,
                organization_id=actor.organization_id,
                subject_id=role.id,
                actor_id=actor.user_id,
                at=now,
                details={"slug": role.slug, "permissions": role.permissions},
            )
        )
        return role
