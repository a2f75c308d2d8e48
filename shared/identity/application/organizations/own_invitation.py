"""An invitation into the organization the actor acts in, while it is locked."""

from uuid import UUID

from shared.identity.application.organizations.wanted_role import wanted_role
from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.invitation import Invitation
from shared.identity.domain.standing import Standing
from shared.kernel.actor import Actor


def own_invitation(
    work: IdentityUnitOfWork, *, actor: Actor, standing: Standing, invitation_id: UUID
) -> Invitation:
    """An open one that somebody of that standing could have sent.

    Raises:
        NotFound: `INVITATION_NOT_FOUND`.
        PermissionDenied: `INVITATION_ACCESS_DENIED`, `INSUFFICIENT_ROLE` or
            `PERMISSION_NOT_HELD`.
        Conflict: `INVITATION_ALREADY_ACCEPTED` or `INVITATION_REVOKED`.
    """
    invitation = actor.in_organization(work.invitations.get(invitation_id), "invitation")
    invitation.demand_open()
    role = wanted_role(work, actor=actor, wanted=invitation.custom_role_id or invitation.role)
    standing.demand_may_give(role.standing)
    return invitation
