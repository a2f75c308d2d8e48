"""A member of the organization the actor acts in, while it is locked."""

from uuid import UUID

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.organization import Membership
from shared.identity.domain.standing import Standing
from shared.identity.domain.user import AuthMethod
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound


def member_to_manage(
    work: IdentityUnitOfWork, *, actor: Actor, standing: Standing, member_id: UUID
) -> Membership:
    """One whom somebody of that standing may manage.

    Raises:
        NotFound: `MEMBER_NOT_FOUND`.
        PermissionDenied: `INSUFFICIENT_ROLE`.
    """
    membership = the_member(work, actor=actor, member_id=member_id)
    standing.demand_above(standing_of_member(work, membership))
    return membership


def the_member(work: IdentityUnitOfWork, *, actor: Actor, member_id: UUID) -> Membership:
    """Whoever it is, with a live account.

    Raises:
        NotFound: `MEMBER_NOT_FOUND`.
    """
    membership = work.memberships.get(actor.organization_id, member_id)
    if membership is None or work.users.get(member_id) is None:
        raise NotFound("MEMBER_NOT_FOUND", "There is no such member")
    return membership


def standing_of_member(work: IdentityUnitOfWork, membership: Membership) -> Standing:
    view = work.memberships.view(membership.organization_id, membership.user_id)
    assert view is not None, "the organization is locked"
    return view.standing


def is_service_account(work: IdentityUnitOfWork, member_id: UUID) -> bool:
    user = work.users.get(member_id)
    return user is not None and user.auth_method is AuthMethod.KEY
