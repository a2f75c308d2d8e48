"""Invite somebody by mail, whether or not they have an account."""

from datetime import datetime
from uuid import UUID

from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.organizations.room_for_invitations import demand_room
from shared.identity.application.organizations.send_invitation import send_invitation
from shared.identity.application.organizations.wanted_role import wanted_role
from shared.identity.application.ports import (
    AttemptLimits,
    Begin,
    IdentityUnitOfWork,
    Links,
    OneTimeSecrets,
)
from shared.identity.domain.attempts import (
    INVITATION_BY_ADDRESSEE,
    INVITATION_BY_INVITER,
    INVITATION_BY_ORGANIZATION,
)
from shared.identity.domain.email import normalise_email
from shared.identity.domain.invitation import Invitation
from shared.identity.domain.roles import Role
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict


def invite(
    begin: Begin,
    secrets: OneTimeSecrets,
    links: Links,
    limits: AttemptLimits,
    clock: Clock,
    *,
    actor: Actor,
    email: str,
    wanted: Role | UUID,
) -> Invitation:
    """The answer is the same for an address that has an account and for one that has none.

    Raises:
        PermissionDenied: `FORBIDDEN`, `INSUFFICIENT_ROLE`, `PERMISSION_NOT_HELD` or
            `ROLE_ACCESS_DENIED`.
        NotFound: `ROLE_NOT_FOUND`.
        Conflict: `ALREADY_MEMBER`, `INVITATION_ALREADY_SENT`, with its id, or
            `TOO_MANY_INVITATIONS`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`; the address was sent several already, or the actor
            or the organization has sent many.
    """
    email = normalise_email(email)
    limits.count(
        INVITATION_BY_ADDRESSEE.by(email),
        INVITATION_BY_INVITER.by(actor.user_id),
        INVITATION_BY_ORGANIZATION.by(actor.organization_id),
    )
    secret, token_hash = secrets.new()
    with begin() as work:
        now = clock()
        standing = acting_standing(work, actor=actor, permission="members:manage")
        role = wanted_role(work, actor=actor, wanted=wanted)
        standing.demand_may_give(role.standing)
        _demand_news(work, actor, email, now)
        demand_room(work, actor.organization_id, now=now)
        invitation = Invitation.send(
            organization_id=actor.organization_id,
            email=email,
            role=role.role,
            custom_role_id=role.custom_role_id,
            token_hash=token_hash,
            invited_by=actor.user_id,
            now=now,
        )
        work.invitations.add(invitation)
        send_invitation(
            work,
            links,
            actor=actor,
            invitation=invitation,
            secret=secret,
            again=False,
            now=now,
        )
        return invitation


def _demand_news(work: IdentityUnitOfWork, actor: Actor, email: str, now: datetime) -> None:
    """An invitation that has expired makes room for another one."""
    if work.memberships.has_email(actor.organization_id, email):
        raise Conflict("ALREADY_MEMBER", "Somebody with this address is a member", field="email")
    earlier = work.invitations.open_to(actor.organization_id, email)
    if earlier is None:
        return
    if now < earlier.expires_at:
        raise Conflict(
            "INVITATION_ALREADY_SENT",
            "This address has an invitation already, which can be sent again",
            field="email",
            meta={"invitation_id": str(earlier.id)},
        )
    earlier.revoke(now)
