"""Prove an access token: its signature, then its session, then its user, on every request."""

from shared.identity.adapters.cached_access import session_and_profile
from shared.identity.domain.profile import SignedIn
from shared.identity.domain.user import demand_active
from shared.infrastructure.tokens import InvalidToken, tokens
from shared.kernel.clock import utc_now
from shared.kernel.errors import Unauthenticated


def authenticate(token: str) -> SignedIn:
    """Turn an access token into an actor.

    Raises:
        Unauthenticated: `INVALID_TOKEN`; forged, expired, or of a session that has ended.
        PermissionDenied: `ACCOUNT_PENDING_APPROVAL` or `ACCOUNT_DISABLED`.
    """
    try:
        claims = tokens().verify(token, kind="access")
    except InvalidToken as error:
        raise _refused() from error
    found = session_and_profile(claims.session_id, claims.user_id)
    if found is None:
        raise _refused()
    live_until, profile = found
    membership = profile.within(claims.organization_id)
    if live_until <= utc_now() or membership is None:
        raise _refused()
    demand_active(profile.status)
    return SignedIn(
        user_id=profile.id,
        organization_id=membership.organization_id,
        session_id=claims.session_id,
        permissions=profile.permissions(membership),
        is_root=profile.is_root,
        timezone=profile.timezone,
        profile=profile,
        membership=membership,
    )


def _refused() -> Unauthenticated:
    return Unauthenticated("INVALID_TOKEN", "The token is invalid or expired")
