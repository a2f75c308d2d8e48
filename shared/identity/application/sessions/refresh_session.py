"""Exchange a refresh token, once, for a new pair."""

import logging

from shared.identity.application.ports import Begin, LoginLimits, SessionTokens, TokenPair
from shared.identity.domain.user import demand_active
from shared.identity.domain.user_session import SessionEnd
from shared.kernel.clock import Clock
from shared.kernel.errors import Unauthenticated

logger = logging.getLogger(__name__)


def refresh_session(
    begin: Begin,
    tokens: SessionTokens,
    limits: LoginLimits,
    clock: Clock,
    *,
    refresh_token: str,
) -> TokenPair:
    """Of two refreshes with one token exactly one wins; the other ends the session.

    A user who is not active gets no new pair, but keeps the old one.

    Raises:
        Unauthenticated: `INVALID_TOKEN`.
        PermissionDenied: `ACCOUNT_PENDING_APPROVAL` or `ACCOUNT_DISABLED`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`.
    """
    given = tokens.read_refresh_token(refresh_token)
    limits.count_refresh(given.session_id)
    now = clock()
    pair = None
    with begin() as work:
        session = work.sessions.get_for_update(given.session_id)
        user = work.users.get(given.user_id)
        if session is None or user is None or not session.is_live(now):
            raise _invalid()
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
        else:
            session.end(now, SessionEnd.REUSED)
    if pair is None:
        logger.warning("refresh_token_reused", extra={"session_id": str(given.session_id)})
        raise _invalid()
    return pair


def _invalid() -> Unauthenticated:
    return Unauthenticated("INVALID_TOKEN", "The token is invalid or expired")
