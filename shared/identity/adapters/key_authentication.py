"""Prove an API key: that it is known, good, and of a user who is active, on every request."""

from shared.identity.adapters.api_key_texts import RandomKeys
from shared.identity.adapters.cached_keys import key_and_profile
from shared.identity.domain.api_key import WRITTEN, effective
from shared.identity.domain.profile import ByKey
from shared.identity.domain.user import demand_active
from shared.infrastructure.call_limits import CallMeter
from shared.infrastructure.tokens import tokens
from shared.kernel.clock import utc_now
from shared.kernel.errors import Unauthenticated


def authenticate_key(key: str, meter: CallMeter, *, address: str) -> ByKey:
    """Turn a key into an actor, and count the call; `address` is where it came from.

    The actor is never root: a key does what its user may as a member, and no more.

    Raises:
        Unauthenticated: `INVALID_API_KEY`, unknown or revoked, or its user has left the
            organization; `API_KEY_EXPIRED`.
        LimitExceeded: `RATE_LIMIT_EXCEEDED`.
        PermissionDenied: see `demand_active`.
    """
    if not WRITTEN.fullmatch(key):
        raise _refused()
    found = key_and_profile(RandomKeys(tokens()).hash(key), meter, address=address)
    if found is None:
        raise _refused()
    if found.expires_at is not None and found.expires_at <= utc_now():
        raise Unauthenticated("API_KEY_EXPIRED", "The API key has expired")
    membership = found.profile.within(found.organization_id)
    if membership is None:
        raise _refused()
    demand_active(found.profile.status)
    return ByKey(
        user_id=found.profile.id,
        organization_id=membership.organization_id,
        permissions=effective(found.scopes, membership.permissions),
        is_root=False,
        timezone=found.profile.timezone,
        channels=found.channels,
        key_id=found.key_id,
        profile=found.profile,
        membership=membership,
    )


def _refused() -> Unauthenticated:
    return Unauthenticated("INVALID_API_KEY", "The API key is unknown or revoked")
