"""Whom an API key stands for, answered by the cache with the database behind it.

As in `shared.identity.adapters.cached_access`: what revokes a key deletes its entry after the
commit, and the user's entry is the one that sessions use, so that whatever changes the user, a
membership or a role changes what their keys may do.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from shared.identity.adapters import queries
from shared.identity.adapters.cached_access import (
    CACHED_SECONDS,
    api_key_key,
    user_key,
)
from shared.identity.adapters.credential_tables import api_keys
from shared.identity.adapters.encoded_profile import decode_profile, encode_profile
from shared.identity.domain.profile import Profile
from shared.identity.domain.user import UserStatus
from shared.infrastructure.cache import cache
from shared.infrastructure.call_limits import CallMeter
from shared.infrastructure.database import transaction
from shared.kernel.clock import utc_now
from shared.kernel.errors import Unavailable
from shared.kernel.ids import OrganizationId

logger = logging.getLogger(__name__)

_NOTED_SECONDS = 60
_REMEMBERED = 1000
_users: dict[str, UUID] = {}
"""Which user a key is of, by its hash: that never changes, and it proves nothing by itself.

It tells which of the cache's entries to ask for, so that a warm container asks once.
"""


@dataclass(frozen=True, kw_only=True)
class KeyAccess:
    """What a key that nobody has revoked opens, and until when."""

    key_id: UUID
    organization_id: OrganizationId
    scopes: frozenset[str]
    channels: frozenset[str] | None
    expires_at: datetime | None
    profile: Profile


def key_and_profile(key_hash: str, meter: CallMeter, *, address: str) -> KeyAccess | None:
    """The key, unless it is unknown or revoked; one round trip to the cache where it is warm.

    That counts the call as well, and now and then notes that the key was used, from `address`.
    """
    key_key, noted_key, caller = api_key_key(key_hash), f"identity:key-used:{key_hash}", key_hash
    wanted = [key_key, noted_key, *meter.keys(caller)]
    user_id = _users.get(key_hash)
    if user_id is not None:
        wanted.append(user_key(user_id))
    found = cache().get_many(wanted)
    if user_id is None and key_key in found:
        user_id = _remember(key_hash, UUID(found[key_key]["user_id"]))
        found |= cache().get_many([user_key(user_id)])
    if key_key in found and user_id is not None and user_key(user_id) in found:
        access: KeyAccess | None = _decode(found[key_key], decode_profile(found[user_key(user_id)]))
    else:
        access = _read(key_hash)
    if access is not None:
        meter.count(caller, found)
        if noted_key not in found:
            cache().count(noted_key, is_first=True, seconds=_NOTED_SECONDS)
            _note_use(access.key_id, address)
    return access


def _read(key_hash: str) -> KeyAccess | None:
    """Ask the database, and fill the cache."""
    leases = cache().lease({api_key_key(key_hash)})
    with transaction() as session:
        row = session.execute(
            select(api_keys).where(api_keys.c.key_hash == key_hash, api_keys.c.revoked_at.is_(None))
        ).one_or_none()
        if row is None:
            return None
        of_user = user_key(_remember(key_hash, row.user_id))
        leases |= cache().lease({of_user})
        profile = queries.profile(session, row.user_id)
    if profile is None:
        return None
    entry = {
        "id": str(row.id),
        "user_id": str(row.user_id),
        "organization_id": str(row.organization_id),
        "scopes": row.scopes,
        "channels": row.channels,
        "expires_at": row.expires_at and row.expires_at.isoformat(),
    }
    if profile.status is UserStatus.ACTIVE:
        values = {api_key_key(key_hash): entry, of_user: encode_profile(profile)}
        for key, value in values.items():
            if key in leases:
                cache().fill(key, value, leases[key], seconds=CACHED_SECONDS)
    return _decode(entry, profile)


def _remember(key_hash: str, user_id: UUID) -> UUID:
    if len(_users) >= _REMEMBERED:
        _users.clear()
    _users[key_hash] = user_id
    return user_id


def _decode(entry: Mapping[str, Any], profile: Profile) -> KeyAccess:
    channels, expires_at = entry["channels"], entry["expires_at"]
    return KeyAccess(
        key_id=UUID(entry["id"]),
        organization_id=OrganizationId(UUID(entry["organization_id"])),
        scopes=frozenset(entry["scopes"]),
        channels=None if channels is None else frozenset(channels),
        expires_at=expires_at and datetime.fromisoformat(expires_at),
        profile=profile,
    )


def _note_use(key_id: UUID, address: str) -> None:
    """About once a minute. It waits for nobody, and a request does not fail by it."""
    now = utc_now()
    held = (
        select(api_keys.c.id)
        .where(
            api_keys.c.id == key_id,
            api_keys.c.last_used_at.is_(None)
            | (api_keys.c.last_used_at < now - timedelta(seconds=_NOTED_SECONDS / 2)),
        )
        .with_for_update(skip_locked=True, key_share=True)
        .scalar_subquery()
    )
    try:
        with transaction() as session:
            session.execute(
                update(api_keys)
                .where(api_keys.c.id == held)
                .values(last_used_at=now, last_used_address=address)
            )
    except Unavailable:
        logger.warning("key_use_not_noted", extra={"key_id": str(key_id)})
