"""Close somebody's account."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.identity.application.accounts.locked_user import happened_to, locked_user
from shared.identity.application.accounts.take_keys import take_keys
from shared.identity.application.accounts.those_below import forget_those_below
from shared.identity.application.ports import Begin, IdentityUnitOfWork
from shared.identity.application.sessions.end_sessions import end_sessions
from shared.identity.domain.one_time_token import TokenPurpose
from shared.identity.domain.organization import Membership
from shared.identity.domain.profile import MembershipView
from shared.identity.domain.roles import Role
from shared.identity.domain.user import User
from shared.identity.domain.user_session import SessionEnd
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happened, Happening


def delete_user(
    begin: Begin, clock: Clock, *, actor: Actor, user_id: UUID, hand_over: bool = False
) -> None:
    """Delete softly: nothing proves the person any more, and their address is free.

    Memberships stay, for the day the account is restored; so does what they have scheduled, which
    is skipped when its time comes. Where others would be left without an owner, `hand_over` makes
    the highest of them one, of equals the one who has been there longest.

    Raises:
        NotFound: `USER_NOT_FOUND`.
        RuleViolation: `CANNOT_DELETE_ROOT`.
        Conflict: `LAST_OWNER`; `meta` names the organizations.
    """
    with begin() as work:
        user, now = locked_user(work, user_id), clock()
        user.delete(now=now)
        end_sessions(
            work, user_id=user.id, kind=SessionEnd.REVOKED, ended_by=actor.user_id, now=now
        )
        memberships = work.organizations.of(user.id)
        _leave_owners(work, user, memberships, hand_over=hand_over, actor=actor, now=now)
        work.one_time_tokens.use_all(user.id, *TokenPurpose, now=now)
        take_keys(work, user, by=actor.user_id, now=now)
        forget_those_below(work, memberships)
        work.happenings.record(
            happened_to(user, memberships, Happening.USER_DELETED, by=actor.user_id, at=now)
        )


def _leave_owners(
    work: IdentityUnitOfWork,
    user: User,
    memberships: Sequence[MembershipView],
    *,
    hand_over: bool,
    actor: Actor,
    now: datetime,
) -> None:
    owned = [each for each in memberships if each.role is Role.OWNER]
    ownerless: list[tuple[MembershipView, Membership]] = []
    for each in sorted(owned, key=lambda membership: membership.organization_id):
        work.organizations.get_for_update(each.organization_id)
        if work.memberships.count_other_owners(each.organization_id, user.id) == 0:
            heir = work.memberships.heir(each.organization_id, user.id)
            if heir is not None:
                ownerless.append((each, heir))
    if ownerless and not hand_over:
        raise Conflict(
            "LAST_OWNER",
            "Others would be left without an owner: transfer the organizations, or ask for the"
            " highest member to become owner",
            meta={
                "organizations": [
                    {"id": str(each.organization_id), "name": each.organization_name}
                    for each, _ in ownerless
                ]
            },
        )
    for each, heir in ownerless:
        heir.role, heir.custom_role_id = Role.OWNER, None
        work.happenings.record(
            Happened(
                what=Happening.OWNERSHIP_TRANSFERRED,
                organization_id=each.organization_id,
                subject_id=heir.user_id,
                actor_id=actor.user_id,
                at=now,
                details={"from": str(user.id)},
            )
        )
