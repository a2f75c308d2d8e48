"""An invitation as good as on the day it was sent, while its organization is locked."""

from datetime import datetime

from shared.identity.application.organizations.wanted_role import custom_standing
from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.invitation import Invitation
from shared.identity.domain.permissions import is_held
from shared.identity.domain.standing import Standing
from shared.identity.domain.user import UserStatus
from shared.kernel.errors import Conflict, NotFound


def good_invitation(
    work: IdentityUnitOfWork, *, token_hash: str, email: str, now: datetime
) -> Invitation:
    """Find what somebody with that address can accept, and lock the organization it is into.

    Whoever sent it must be able to send it today: an invitation does not outlive their right.

    Raises:
        NotFound: `INVITATION_NOT_FOUND`.
        PermissionDenied: `INVITATION_FOR_ANOTHER_EMAIL`.
        Conflict: `INVITATION_ALREADY_ACCEPTED`, `INVITATION_REVOKED`, `INVITATION_EXPIRED` or
            `INVITATION_NO_LONGER_VALID`.
    """
    organization_id = work.invitations.organization_of(token_hash)
    if organization_id is not None:
        work.organizations.get_for_update(organization_id)
    invitation = work.invitations.by_token(token_hash)
    if invitation is None:
        raise NotFound("INVITATION_NOT_FOUND", "There is no such invitation")
    invitation.demand_for(email, now)
    if not _may_be_sent_today(work, invitation):
        raise Conflict(
            "INVITATION_NO_LONGER_VALID",
            "Whoever sent this invitation may not give it any more, ask for a new one",
        )
    return invitation


def _may_be_sent_today(work: IdentityUnitOfWork, invitation: Invitation) -> bool:
    sender = work.users.get(invitation.invited_by)
    if sender is None or sender.status is not UserStatus.ACTIVE:
        return False
    if sender.is_root:
        return True
    member = work.memberships.view(invitation.organization_id, sender.id)
    if member is None or not is_held("members:manage", member.permissions):
        return False
    return member.standing.may_give(_standing(work, invitation))


def _standing(work: IdentityUnitOfWork, invitation: Invitation) -> Standing:
    if invitation.custom_role_id is None:
        return Standing.of_role(invitation.role)
    role = work.custom_roles.get(invitation.custom_role_id)
    assert role is not None, "a role that somebody is invited to is not deleted"
    return custom_standing(role)
