"""Let a session go on in another organization of its person."""

from collections.abc import Sequence
from datetime import datetime

from shared.identity.application.ports import IdentityUnitOfWork, SessionTokens
from shared.identity.application.sessions.keep_single_session import keep_single_session
from shared.identity.application.sessions.open_session import OpenedSession
from shared.identity.domain.profile import MembershipView, Profile, SignedIn
from shared.identity.domain.user import User, demand_active
from shared.identity.domain.user_session import UserSession
from shared.kernel.errors import Unauthenticated


def lock_session(
    work: IdentityUnitOfWork, *, actor: SignedIn, now: datetime
) -> tuple[User, UserSession]:
    """The actor and the session they are in, the user locked first.

    Raises:
        Unauthenticated: `INVALID_TOKEN`; the session ended or the user was deleted meanwhile.
        PermissionDenied: see `demand_active`.
    """
    user = work.users.get_for_update(actor.user_id)
    session = work.sessions.get_for_update(actor.session_id)
    if user is None or session is None or not session.is_live(now):
        raise Unauthenticated("INVALID_TOKEN", "The token is invalid or expired")
    demand_active(user.status)
    return user, session


def move_session(
    work: IdentityUnitOfWork,
    tokens: SessionTokens,
    *,
    user: User,
    session: UserSession,
    memberships: Sequence[MembershipView],
    to: MembershipView,
    now: datetime,
    browser: bool,
) -> OpenedSession:
    """New tokens; the refresh token had until now is spent.

    The session keeps its number. Where the other organization allows one session at a time, the
    person's older ones there end.
    """
    pair = tokens.issue(
        user_id=user.id, organization_id=to.organization_id, session_id=session.id, now=now
    )
    session.organization_id = to.organization_id
    session.rotate(
        refresh_token_hash=pair.refresh_token_hash, expires_at=pair.refresh_expires_at, now=now
    )
    keep_single_session(work, session=session, now=now)
    return OpenedSession(
        session_id=session.id,
        version=session.version,
        profile=Profile.of(user, memberships),
        membership=to,
        tokens=pair,
        browser=browser,
    )
