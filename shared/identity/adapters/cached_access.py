"""Who a token stands for, answered by the cache with the database behind it.

Only live sessions of active users are cached: a refusal is looked up afresh each time, so that
an approval takes effect at once. What ends a session or changes a user deletes the entry after
its commit, and entries are filled under a lease (see `shared.infrastructure.cache`), so an older
value cannot come back. Should the deletion be lost because the cache cannot be reached from one
place while it serves another, an entry outlives its truth by `CACHED_SECONDS` at most.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shared.identity.adapters import queries
from shared.identity.adapters.encoded_profile import decode_profile, encode_profile
from shared.identity.adapters.tables import user_sessions
from shared.identity.domain.api_key import ApiKey
from shared.identity.domain.organization import Membership
from shared.identity.domain.permission_grant import PermissionGrant
from shared.identity.domain.profile import Profile
from shared.identity.domain.user import User, UserStatus
from shared.identity.domain.user_session import SessionEnd, UserSession
from shared.infrastructure.cache import cache
from shared.infrastructure.call_limits import CallMeter
from shared.infrastructure.database import transaction
from shared.kernel.clock import utc_now
from shared.kernel.ids import OrganizationId

CACHED_SECONDS = 10 * 60
_SEEN_ANEW = timedelta(minutes=1)
_VERSION = 3  # of what is cached: raised when its shape changes


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a session opens: whose it is, until when, and in which organization."""

    live_until: datetime
    version: int
    organization_id: OrganizationId
    profile: Profile


def session_and_profile(
    session_id: UUID, user_id: UUID, meter: CallMeter
) -> Access | SessionEnd | None:
    """The user's session, or why it ended; None where there never was one.

    One round trip to the cache where it knows both session and user; it counts the call as well.
    """
    session_key, of_user, caller = _session_key(session_id), user_key(user_id), f"user:{user_id}"
    found = cache().get_many([session_key, of_user, *meter.keys(caller)])
    if session_key in found and of_user in found:
        access: Access | SessionEnd | None = _decode(found[session_key], found[of_user])
    else:
        access = _read(session_id, user_id, {session_key, of_user} - found.keys())
    if isinstance(access, Access):
        meter.count(caller, found)
    return access


def _read(session_id: UUID, user_id: UUID, missing: set[str]) -> Access | SessionEnd | None:
    """Ask the database, and fill what is missing in the cache."""
    leases = cache().lease(missing)
    now = utc_now()
    with transaction() as session:
        row = session.execute(
            select(user_sessions).where(
                user_sessions.c.id == session_id, user_sessions.c.user_id == user_id
            )
        ).one_or_none()
        if row is None:
            return None
        if row.ended_at is not None:
            return row.end_kind or SessionEnd.REVOKED
        profile = queries.profile(session, user_id)
        if profile is None:
            return None
        if now - row.last_seen_at > _SEEN_ANEW:
            _note_seen(session, session_id, now)
    access = Access(
        live_until=row.expires_at,
        version=row.version,
        organization_id=OrganizationId(row.organization_id),
        profile=profile,
    )
    left = int((access.live_until - now).total_seconds())
    if profile.status is UserStatus.ACTIVE and left > 0:
        for key, value in (
            (_session_key(session_id), _encode_session(access)),
            (user_key(user_id), encode_profile(profile)),
        ):
            if key in leases:
                cache().fill(key, value, leases[key], seconds=min(CACHED_SECONDS, left))
    return access


def _note_seen(session: Session, session_id: UUID, now: datetime) -> None:
    """Only here, so that it costs a write once in ten minutes and not with every request."""
    session.execute(
        update(user_sessions)
        .where(user_sessions.c.id == session_id, user_sessions.c.ended_at.is_(None))
        .values(last_seen_at=now)
    )


def forget(keys: Collection[str]) -> None:
    """Delete what was cached under these keys: see `keys_of` and `user_key`."""
    if keys:
        cache().delete_many(keys)


def keys_of(aggregate: object) -> list[str]:
    """What is to be forgotten when the aggregate has changed."""
    match aggregate:
        case UserSession(id=session_id):
            return [_session_key(session_id)]
        case User(id=user_id) | Membership(user_id=user_id) | PermissionGrant(user_id=user_id):
            return [user_key(user_id)]
        case ApiKey(key_hash=key_hash):
            return [api_key_key(key_hash)]
    return []


def _session_key(session_id: UUID) -> str:
    return f"identity:{_VERSION}:session:{session_id}"


def api_key_key(key_hash: str) -> str:
    return f"identity:{_VERSION}:api-key:{key_hash}"


def user_key(user_id: UUID) -> str:
    return f"identity:{_VERSION}:user:{user_id}"


def _encode_session(access: Access) -> list[Any]:
    return [access.live_until.isoformat(), access.version, str(access.organization_id)]


def _decode(session: list[Any], profile: dict[str, Any]) -> Access:
    live_until, version, organization_id = session
    return Access(
        live_until=datetime.fromisoformat(live_until),
        version=version,
        organization_id=OrganizationId(UUID(organization_id)),
        profile=decode_profile(profile),
    )
