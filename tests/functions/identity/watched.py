"""A front door that looks, after each write, whether the cache contradicts the database.

Before each write everybody's profile and every session is put into the cache as the database has
them, so that whatever the write forgets to take out shows.
"""

import threading
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.api import Api, ApiAnswer


class WatchedApi(Api):
    def as_user(self, token: str) -> "WatchedApi":
        return WatchedApi(self._routes, token)

    def request(self, method: str, path: str, **arguments: Any) -> ApiAnswer:
        """Among writes at the same moment nobody could say which was meant to come first."""
        if method == "GET" or threading.current_thread() is not threading.main_thread():
            return super().request(method, path, **arguments)
        _fill()
        answer = super().request(method, path, **arguments)
        assert not (stale := _stale()), f"{method} {path} left {stale} in the cache"
        return answer


def _fill() -> None:
    from shared.infrastructure.cache import cache

    known = _known()
    cache().delete_many(known)
    for key, value in known.items():
        if value is not None:
            cache().set(key, value, seconds=60)


def _stale() -> dict[str, Any]:
    from shared.infrastructure.cache import cache

    known = _known()
    return {key: value for key, value in cache().get_many(known).items() if value != known[key]}


def _known() -> dict[str, Any]:
    """What the cache may say of each user and each session; None: nothing at all."""
    from shared.identity.adapters import cached_access, queries
    from shared.identity.adapters.encoded_profile import encode_profile
    from shared.identity.adapters.tables import user_sessions, users
    from shared.identity.domain.user import UserStatus
    from shared.infrastructure.database import transaction
    from shared.kernel.ids import OrganizationId

    known: dict[str, Any] = {}
    with transaction() as session:
        profiles = {
            user_id: queries.profile(session, user_id)
            for user_id in session.scalars(select(users.c.id)).all()
        }
        rows = session.execute(select(user_sessions)).all()
    active: dict[UUID, Any] = {
        user_id: profile
        for user_id, profile in profiles.items()
        if profile is not None and profile.status is UserStatus.ACTIVE
    }
    for user_id in profiles:
        profile = active.get(user_id)
        known[cached_access.user_key(user_id)] = profile and encode_profile(profile)
    for row in rows:
        key = cached_access._session_key(row.id)
        known[key] = None
        if row.ended_at is None:
            access = cached_access.Access(
                live_until=row.expires_at,
                version=row.version,
                organization_id=OrganizationId(row.organization_id),
                profile=profiles[row.user_id],  # type: ignore[arg-type]  # not encoded with it
            )
            known[key] = cached_access._encode_session(access)
    return known
