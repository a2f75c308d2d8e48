"""Prove an access token: its signature, then its session, then its user, on every request."""

from shared.identity.adapters.cached_access import Access, session_and_profile
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.user import demand_active
from shared.identity.domain.user_session import SessionEnd, kicked
from shared.infrastructure.call_limits import CallMeter
from shared.infrastructure.tokens import InvalidToken, tokens
from shared.kernel.clock import utc_now
from shared.kernel.errors import Unauthenticated


def authenticate(token: str, meter: CallMeter) -> SignedIn:
    """Turn an access token into an actor, and count the call.

    Raises:
        Unauthenticated: `INVALID_TOKEN`; forged, expired, or of a session that has ended.
            `SESSION_KICKED`; of one that a later login has ended.
        LimitExceeded: `RATE_LIMIT_EXCEEDED`.
        PermissionDenied: see `demand_active`.
    """
    try:
        claims = tokens().verify(token, kind="access")
    except InvalidToken as error:
        raise _refused() from error
    found = session_and_profile(claims.session_id, claims.user_id, meter)
    if found is SessionEnd.KICKED:
        raise kicked()
    if not isinstance(found, Access) or found.live_until <= utc_now():
        raise _refused()
    profile = found.profile
    membership = profile.within(found.organization_id)
    if membership is None or claims.organization_id != found.organization_id:
        raise _refused()
    demand_active(profile.status)
    return SignedIn(
        user_id=profile.id,
        organization_id=membership.organization_id,
        session_id=claims.session_id,
        session_version=found.version,
        permissions=profile.permissions(membership),
        is_root=profile.is_root,
        timezone=profile.timezone,
        profile=profile,
        membership=membership,
    )


def _refused() -> Unauthenticated:
    return Unauthenticated("INVALID_TOKEN", "The token is invalid or expired")
