"""Exchange a refresh token, once, for a new pair."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.identity.application.ports import (
    AttemptLimits,
    Begin,
    RefreshToken,
    SessionTokens,
    TokenPair,
)
from shared.identity.domain.attempts import REFRESH_BY_SESSION
from shared.identity.domain.user import demand_active
from shared.identity.domain.user_session import SessionEnd, UserSession, kicked
from shared.kernel.clock import Clock
from shared.kernel.errors import Unauthenticated
from shared.kernel.happenings import Happened, Happening

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class RefreshedSession:
    session_id: UUID
    tokens: TokenPair


def refresh_session(
    begin: Begin,
    tokens: SessionTokens,
    limits: AttemptLimits,
    clock: Clock,
    *,
    given: RefreshToken,
) -> RefreshedSession:
    """Of two refreshes with one token exactly one wins; the other ends the session.

    A user who is not active gets no new pair, but keeps the old one.

    Raises:
        Unauthenticated: `INVALID_TOKEN`, or `SESSION_KICKED` where a later login ended it.
        PermissionDenied: see `demand_active`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    limits.count(REFRESH_BY_SESSION.by(given.session_id))
    pair = None
    with begin() as work:
        session = work.sessions.get_for_update(given.session_id)
        user = work.users.get(given.user_id)
        now = clock()
        if session is None or user is None or session.user_id != user.id:
            raise _invalid()
        if not session.is_live(now):
            raise kicked() if session.end_kind is SessionEnd.KICKED else _invalid()
        if session.refresh_token_hash == given.hash:
            demand_active(user.status)
            pair = tokens.issue(
                user_id=user.id,
                organization_id=session.organization_id,
                session_id=session.id,
                now=now,
            )
            session.rotate(
                refresh_token_hash=pair.refresh_token_hash,
                expires_at=pair.refresh_expires_at,
                now=now,
            )
            happening = Happening.TOKEN_REFRESHED
        else:
            session.end(now, SessionEnd.REUSED)
            happening = Happening.SESSION_REVOKED
        work.happenings.record(_told(happening, session, now))
    if pair is None:
        logger.warning("refresh_token_reused", extra={"session_id": str(given.session_id)})
        raise _invalid()
    return RefreshedSession(session_id=given.session_id, tokens=pair)


def _told(what: Happening, session: UserSession, now: datetime) -> Happened:
    return Happened(
        what=what,
        organization_id=session.organization_id,
        subject_id=session.id,
        actor_id=session.user_id,
        at=now,
        details={"end_kind": session.end_kind} if session.end_kind else {},
    )


def _invalid() -> Unauthenticated:
    return Unauthenticated("INVALID_TOKEN", "The token is invalid or expired")
