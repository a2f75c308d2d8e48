"""Take back what a member was given beside their role."""

from uuid import UUID

from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.organizations.change_grants import change_grants
from shared.identity.application.organizations.member import member_to_manage
from shared.identity.application.ports import Begin
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound


def revoke_permission(
    begin: Begin, clock: Clock, *, actor: Actor, member_id: UUID, permission: str
) -> None:
    """What the member's role says stays.

    Raises:
        NotFound: `MEMBER_NOT_FOUND` or `GRANT_NOT_FOUND`.
        PermissionDenied: `FORBIDDEN` or `INSUFFICIENT_ROLE`.
    """
    with begin() as work:
        standing = acting_standing(work, actor=actor, permission="roles:manage")
        member_to_manage(work, actor=actor, standing=standing, member_id=member_id)
        grant = work.grants.get(actor.organization_id, member_id, permission)
        if grant is None:
            raise NotFound("GRANT_NOT_FOUND", "This was not granted to the member directly")
        change_grants(work, actor=actor, member_id=member_id, taken=[grant], now=clock())
