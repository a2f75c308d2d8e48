"""Put somebody out of the organization."""

from uuid import UUID

from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.organizations.end_membership import end_membership
from shared.identity.application.organizations.member import standing_of_member
from shared.identity.application.ports import Begin
from shared.identity.domain.user import AuthMethod
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, NotFound


def remove_member(begin: Begin, clock: Clock, *, actor: Actor, member_id: UUID) -> None:
    """From now on neither their sessions there nor their keys are good.

    Raises:
        NotFound: `MEMBER_NOT_FOUND`.
        PermissionDenied: `FORBIDDEN` or `INSUFFICIENT_ROLE`.
        Conflict: `CANNOT_REMOVE_YOURSELF`, `MEMBER_IS_SERVICE_ACCOUNT` or `LAST_OWNER`.
    """
    if member_id == actor.user_id:
        raise Conflict("CANNOT_REMOVE_YOURSELF", "Leave the organization instead")
    with begin() as work:
        user = work.users.get_for_update(member_id)
        work.sessions.open_ones(member_id)
        standing = acting_standing(work, actor=actor, permission="members:manage")
        membership = work.memberships.get(actor.organization_id, member_id)
        if user is None or membership is None:
            raise NotFound("MEMBER_NOT_FOUND", "There is no such member")
        if user.auth_method is AuthMethod.KEY:
            raise Conflict("MEMBER_IS_SERVICE_ACCOUNT", "Delete the service account instead")
        standing.demand_above(standing_of_member(work, membership))
        end_membership(work, user=user, membership=membership, ended_by=actor.user_id, now=clock())
