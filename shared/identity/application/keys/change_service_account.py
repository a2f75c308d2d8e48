"""Give a service account another name or role."""

from uuid import UUID

from shared.identity.application.keys.create_service_account import MANAGE
from shared.identity.application.keys.own_service_account import own_service_account
from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.ports import Begin
from shared.identity.domain.name import plain_name
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.roles import Role
from shared.identity.domain.service_account import demand_role
from shared.identity.domain.standing import Standing
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening


def change_service_account(
    begin: Begin,
    clock: Clock,
    *,
    actor: SignedIn,
    account_id: UUID,
    name: str | None,
    role: Role | None,
) -> None:
    """Change what is given; its keys may do what the role says from now on.

    Raises:
        NotFound: `SERVICE_ACCOUNT_NOT_FOUND`.
        PermissionDenied: `SERVICE_ACCOUNT_ACCESS_DENIED`, `PERMISSION_NOT_HELD` or
            `INSUFFICIENT_ROLE`, of the role it has or is to have.
        RuleViolation: `VALIDATION_ERROR` or `SERVICE_ACCOUNT_CANNOT_OWN`.
    """
    now = clock()
    with begin() as work:
        user, was = own_service_account(work, actor, account_id)
        standing = acting_standing(work, actor=actor, permission=MANAGE)
        standing.demand_above(was.standing)
        if name is not None:
            user.name, user.updated_at = plain_name(name), now
        if role is not None:
            demand_role(role)
            standing.demand_may_give(Standing.of_role(role))
            membership = work.memberships.get(actor.organization_id, user.id)
            if membership is not None:
                membership.role, membership.custom_role_id = role, None
        work.happenings.record(
            Happened(
                what=Happening.SERVICE_ACCOUNT_UPDATED,
                organization_id=actor.organization_id,
                subject_id=user.id,
                actor_id=actor.user_id,
                at=now,
                details={"name": user.name, "role": role or was.role_name},
            )
        )
