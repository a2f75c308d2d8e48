"""What follows from a new password, however it came about."""

from datetime import datetime
from uuid import UUID

from shared.identity.application.accounts.locked_user import happened_to
from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.application.sessions.end_sessions import end_sessions
from shared.identity.domain.one_time_token import TokenPurpose
from shared.identity.domain.user import User
from shared.identity.domain.user_session import SessionEnd
from shared.kernel.happenings import Happening

_HALF_WAY_IN = (
    TokenPurpose.PASSWORD_RESET,
    TokenPurpose.SECOND_FACTOR,
    TokenPurpose.EXTERNAL_CODE,
)


def set_password(
    work: IdentityUnitOfWork,
    *,
    user: User,
    password_hash: str,
    by: str,
    now: datetime,
    but: UUID | None = None,
) -> int:
    """End the user's sessions, `but` perhaps one, and every sign-in that is half done.

    The user's row is locked. `by` is what allowed it; answers how many sessions there were.
    """
    user.change_password(password_hash, now=now)
    ended = end_what_it_opened(work, user, ended_by=user.id, now=now, but=but)
    memberships = work.organizations.of(user.id)
    work.happenings.record(
        happened_to(user, memberships, Happening.PASSWORD_CHANGED, by=user.id, at=now, method=by)
    )
    work.outbox.mail(
        "password_changed",
        to=user.email,
        locale=user.locale,
        organization_id=memberships[0].organization_id,
        at=now,
        parameters={"name": user.name},
    )
    return ended


def end_what_it_opened(
    work: IdentityUnitOfWork,
    user: User,
    *,
    ended_by: UUID,
    now: datetime,
    but: UUID | None = None,
) -> int:
    """What the old password has opened, wholly or half, and the links to set another."""
    ended = end_sessions(
        work, user_id=user.id, kind=SessionEnd.CREDENTIALS, ended_by=ended_by, now=now, but=but
    )
    work.one_time_tokens.use_all(user.id, *_HALF_WAY_IN, now=now)
    return ended
