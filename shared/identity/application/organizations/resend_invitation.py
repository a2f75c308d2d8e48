"""Send an invitation again, with a new secret and another week."""

from uuid import UUID

from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.organizations.own_invitation import own_invitation
from shared.identity.application.organizations.room_for_invitations import demand_room
from shared.identity.application.organizations.send_invitation import send_invitation
from shared.identity.application.ports import AttemptLimits, Begin, Links, OneTimeSecrets
from shared.identity.domain.attempts import (
    INVITATION_AGAIN,
    INVITATION_BY_INVITER,
    INVITATION_BY_ORGANIZATION,
)
from shared.identity.domain.invitation import Invitation
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def resend_invitation(
    begin: Begin,
    secrets: OneTimeSecrets,
    links: Links,
    limits: AttemptLimits,
    clock: Clock,
    *,
    actor: Actor,
    invitation_id: UUID,
) -> Invitation:
    """What was mailed before is worth nothing from now on.

    Raises:
        NotFound: `INVITATION_NOT_FOUND`.
        PermissionDenied: `FORBIDDEN`, `INVITATION_ACCESS_DENIED`, `INSUFFICIENT_ROLE` or
            `PERMISSION_NOT_HELD`.
        Conflict: `INVITATION_ALREADY_ACCEPTED`, `INVITATION_REVOKED` or, of one that had expired,
            `TOO_MANY_INVITATIONS`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`; it was sent several times, or the actor or the
            organization has sent many.
    """
    limits.count(
        INVITATION_AGAIN.by(invitation_id),
        INVITATION_BY_INVITER.by(actor.user_id),
        INVITATION_BY_ORGANIZATION.by(actor.organization_id),
    )
    secret, token_hash = secrets.new()
    with begin() as work:
        now = clock()
        standing = acting_standing(work, actor=actor, permission="members:manage")
        invitation = own_invitation(
            work, actor=actor, standing=standing, invitation_id=invitation_id
        )
        if now >= invitation.expires_at:
            demand_room(work, actor.organization_id, now=now)
        invitation.send_again(token_hash=token_hash, by=actor.user_id, now=now)
        send_invitation(
            work,
            links,
            actor=actor,
            invitation=invitation,
            secret=secret,
            again=True,
            now=now,
        )
        return invitation
