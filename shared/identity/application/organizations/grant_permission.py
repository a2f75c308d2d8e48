"""Give one member one permission beside their role."""

from uuid import UUID

from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.organizations.change_grants import change_grants
from shared.identity.application.organizations.member import member_to_manage
from shared.identity.application.ports import Begin
from shared.identity.domain.permissions import demand_known
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def grant_permission(
    begin: Begin, clock: Clock, *, actor: Actor, member_id: UUID, permission: str
) -> None:
    """Once granted, granting it again changes nothing.

    Raises:
        NotFound: `MEMBER_NOT_FOUND`.
        PermissionDenied: `FORBIDDEN`, `INSUFFICIENT_ROLE` or `PERMISSION_NOT_HELD`.
        RuleViolation: `UNKNOWN_PERMISSION`.
    """
    demand_known([permission], field="permission")
    with begin() as work:
        now = clock()
        standing = acting_standing(work, actor=actor, permission="roles:manage")
        member_to_manage(work, actor=actor, standing=standing, member_id=member_id)
        standing.demand_holds([permission])
        if work.grants.get(actor.organization_id, member_id, permission) is None:
            change_grants(work, actor=actor, member_id=member_id, given=[permission], now=now)
