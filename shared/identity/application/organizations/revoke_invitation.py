"""Take an invitation back."""

from uuid import UUID

from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.organizations.own_invitation import own_invitation
from shared.identity.application.ports import Begin
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening


def revoke_invitation(begin: Begin, clock: Clock, *, actor: Actor, invitation_id: UUID) -> None:
    """Nobody can accept it any more.

    Raises:
        NotFound: `INVITATION_NOT_FOUND`.
        PermissionDenied: `FORBIDDEN`, `INVITATION_ACCESS_DENIED`, `INSUFFICIENT_ROLE` or
            `PERMISSION_NOT_HELD`.
        Conflict: `INVITATION_ALREADY_ACCEPTED` or `INVITATION_REVOKED`.
    """
    with begin() as work:
        now = clock()
        standing = acting_standing(work, actor=actor, permission="members:manage")
        invitation = own_invitation(
            work, actor=actor, standing=standing, invitation_id=invitation_id
        )
        invitation.revoke(now)
        work.happenings.record(
            Happened(
                what=Happening.INVITATION_REVOKED,
                organization_id=actor.organization_id,
                subject_id=invitation.id,
                actor_id=actor.user_id,
                at=now,
            )
        )
