"""Make an account for a program."""

from uuid import UUID

from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.ports import Begin
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.roles import Role
from shared.identity.domain.service_account import new_service_account
from shared.identity.domain.standing import Standing
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening

MANAGE = "api_keys:manage"


def create_service_account(
    begin: Begin, clock: Clock, *, actor: SignedIn, name: str, role: Role
) -> UUID:
    """It may what its role says, as soon as it has a key; answers its id.

    Raises:
        RuleViolation: `VALIDATION_ERROR` or `SERVICE_ACCOUNT_CANNOT_OWN`.
        PermissionDenied: `FORBIDDEN`, `PERMISSION_NOT_HELD` or `INSUFFICIENT_ROLE`; the role must
            be below the actor's own, unless that is the owner's.
    """
    now = clock()
    user, membership = new_service_account(
        organization_id=actor.organization_id, name=name, role=role, now=now
    )
    with begin() as work:
        standing = acting_standing(work, actor=actor, permission=MANAGE)
        standing.demand_may_give(Standing.of_role(role))
        work.users.add(user)
        work.memberships.add(membership)
        work.happenings.record(
            Happened(
                what=Happening.SERVICE_ACCOUNT_CREATED,
                organization_id=actor.organization_id,
                subject_id=user.id,
                actor_id=actor.user_id,
                at=now,
                details={"name": user.name, "role": role},
            )
        )
    return user.id
