"""Join an organization by an invitation that came by mail."""

from datetime import datetime

from shared.identity.application.organizations.good_invitation import good_invitation
from shared.identity.application.ports import Begin, IdentityUnitOfWork, OneTimeSecrets
from shared.identity.domain.organization import Membership
from shared.identity.domain.profile import MembershipView
from shared.identity.domain.user import User
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, Unauthenticated
from shared.kernel.happenings import Happened, Happening


def accept_invitation(
    begin: Begin, secrets: OneTimeSecrets, clock: Clock, *, actor: Actor, token: str
) -> MembershipView:
    """The actor belongs to one organization more; the session stays where it is.

    Raises:
        NotFound, Conflict, PermissionDenied: see `accept_within`.
        Unauthenticated: `INVALID_TOKEN`; the user was deleted meanwhile.
    """
    with begin() as work:
        user = work.users.get_for_update(actor.user_id)
        if user is None:
            raise Unauthenticated("INVALID_TOKEN", "The token is invalid or expired")
        joined = accept_within(work, user=user, token_hash=secrets.hash(token), now=clock())
        return next(
            each
            for each in work.organizations.of(user.id)
            if each.organization_id == joined.organization_id
        )


def accept_within(
    work: IdentityUnitOfWork, *, user: User, token_hash: str, now: datetime
) -> Membership:
    """Accept for a user whose row is locked or new, with a personal organization of their own.

    The invitation came by mail to the address that the account has: the address is verified.

    Raises:
        NotFound, PermissionDenied: see `good_invitation`.
        Conflict: `ALREADY_MEMBER`; see also `good_invitation`.
    """
    invitation = good_invitation(work, token_hash=token_hash, email=user.email, now=now)
    invitation.accept(user_id=user.id, email=user.email, now=now)
    if work.memberships.get(invitation.organization_id, user.id) is not None:
        raise Conflict("ALREADY_MEMBER", "You belong to this organization already")
    personal = work.organizations.of(user.id)[0]
    membership = Membership(
        organization_id=invitation.organization_id,
        user_id=user.id,
        role=invitation.role,
        custom_role_id=invitation.custom_role_id,
        created_at=now,
    )
    work.memberships.add(membership)
    work.happenings.record(
        Happened(
            what=Happening.MEMBER_JOINED,
            organization_id=membership.organization_id,
            subject_id=user.id,
            actor_id=user.id,
            at=now,
            details={"invitation_id": str(invitation.id), "invited_by": str(invitation.invited_by)},
        )
    )
    if user.verify_email(admitted_as=user.status, now=now):
        work.happenings.record(
            Happened(
                what=Happening.EMAIL_VERIFIED,
                organization_id=personal.organization_id,
                subject_id=user.id,
                actor_id=user.id,
                at=now,
                details={"by": "invitation"},
            )
        )
    return membership
