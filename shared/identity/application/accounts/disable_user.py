"""Shut somebody out: at once, wherever they are signed in."""

from uuid import UUID

from shared.identity.application.accounts.locked_user import happened_to, locked_user
from shared.identity.application.accounts.those_below import forget_those_below
from shared.identity.application.ports import Begin
from shared.identity.application.sessions.end_sessions import end_sessions
from shared.identity.domain.one_time_token import TokenPurpose
from shared.identity.domain.profile import Profile
from shared.identity.domain.user_session import SessionEnd
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def disable_user(
    begin: Begin, clock: Clock, *, actor: Actor, user_id: UUID, reason: str | None = None
) -> Profile:
    """Sessions and links in mails end for good; API keys rest until the user is enabled again.

    What the user has scheduled stays, and is skipped when its time comes.

    Raises:
        NotFound: `USER_NOT_FOUND`.
        RuleViolation: `CANNOT_DISABLE_ROOT` or `USER_NOT_ACTIVE`.
    """
    with begin() as work:
        user, now = locked_user(work, user_id), clock()
        user.disable(now=now)
        end_sessions(
            work, user_id=user.id, kind=SessionEnd.REVOKED, ended_by=actor.user_id, now=now
        )
        work.one_time_tokens.use_all(user.id, *TokenPurpose, now=now)
        memberships = work.organizations.of(user.id)
        forget_those_below(work, memberships)
        work.happenings.record(
            happened_to(
                user,
                memberships,
                Happening.USER_DISABLED,
                by=actor.user_id,
                at=now,
                **({"reason": reason} if reason else {}),
            )
        )
        return Profile.of(user, memberships)
