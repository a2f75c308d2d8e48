"""Let a registered person in; the tokens they got at registration begin to work."""

from datetime import datetime
from uuid import UUID

from shared.identity.application.accounts.locked_user import happened_to, locked_user
from shared.identity.application.ports import Begin, IdentityUnitOfWork
from shared.identity.domain.organization import Membership
from shared.identity.domain.profile import Profile
from shared.identity.domain.roles import Role
from shared.identity.domain.standing import Standing
from shared.identity.domain.user import User
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening


def approve_user(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    user_id: UUID,
    role: Role | None = None,
    tell_them: bool = True,
) -> Profile:
    """Approve somebody who waits; with a `role` they join the actor's organization as that.

    Raises:
        NotFound: `USER_NOT_FOUND`.
        RuleViolation: `USER_NOT_PENDING`.
        PermissionDenied: `PERMISSION_NOT_HELD`; the role holds what the actor does not.
    """
    with begin() as work:
        user, now = locked_user(work, user_id), clock()
        user.approve(approved_by=actor.user_id, now=now)
        if role is not None:
            _join(work, user, actor=actor, role=role, now=now)
        memberships = work.organizations.of(user.id)
        work.happenings.record(
            happened_to(user, memberships, Happening.USER_APPROVED, by=actor.user_id, at=now)
        )
        if tell_them:
            work.outbox.mail(
                "account_approved",
                to=user.email,
                locale=user.locale,
                organization_id=memberships[0].organization_id,
                at=now,
                parameters={"name": user.name},
            )
        return Profile.of(user, memberships)


def _join(work: IdentityUnitOfWork, user: User, *, actor: Actor, role: Role, now: datetime) -> None:
    Standing(permissions=actor.permissions).demand_holds(Standing.of_role(role).permissions)
    work.organizations.get_for_update(actor.organization_id)
    if work.memberships.get(actor.organization_id, user.id) is not None:
        return
    work.memberships.add(
        Membership(
            organization_id=actor.organization_id, user_id=user.id, role=role, created_at=now
        )
    )
    work.happenings.record(
        Happened(
            what=Happening.MEMBER_JOINED,
            organization_id=actor.organization_id,
            subject_id=user.id,
            actor_id=actor.user_id,
            at=now,
            details={"role": role, "approved_by": str(actor.user_id)},
        )
    )
