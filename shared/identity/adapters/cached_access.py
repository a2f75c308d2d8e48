"""Who a token stands for, answered by the cache with the database behind it.

Only live sessions of active users are cached: a refusal is looked up afresh each time, so that
an approval takes effect at once. What ends a session or changes a user deletes the entry after
its commit, and entries are filled under a lease (see `shared.infrastructure.cache`), so an older
value cannot come back. Should the deletion be lost because the cache cannot be reached from one
place while it serves another, an entry outlives its truth by `_SECONDS` at most.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from shared.identity.adapters import queries
from shared.identity.adapters.tables import user_sessions
from shared.identity.domain.organization import Membership
from shared.identity.domain.profile import MembershipView, Profile
from shared.identity.domain.roles import Role
from shared.identity.domain.user import User, UserStatus
from shared.identity.domain.user_session import UserSession
from shared.infrastructure.cache import cache
from shared.infrastructure.database import transaction
from shared.kernel.clock import utc_now
from shared.kernel.ids import OrganizationId

_SECONDS = 10 * 60
_VERSION = 1  # of what is cached: raised when its shape changes


def session_and_profile(session_id: UUID, user_id: UUID) -> tuple[datetime, Profile] | None:
    """Until when the user's session is live, and whose it is.

    One round trip to the cache where it knows both.
    """
    session_key, user_key = _session_key(session_id), _user_key(user_id)
    found = cache().get_many([session_key, user_key])
    if session_key in found and user_key in found:
        return datetime.fromisoformat(found[session_key]), _decode(found[user_key])
    leases = cache().lease({session_key, user_key} - found.keys())
    with transaction() as session:
        expires_at = session.scalar(
            select(user_sessions.c.expires_at).where(
                user_sessions.c.id == session_id,
                user_sessions.c.user_id == user_id,
                user_sessions.c.ended_at.is_(None),
            )
        )
        profile = queries.profile(session, user_id) if expires_at else None
    if expires_at is None or profile is None:
        return None
    left = int((expires_at - utc_now()).total_seconds())
    if profile.status is UserStatus.ACTIVE and left > 0:
        for key, value in (
            (session_key, expires_at.isoformat()),
            (user_key, _encode(profile)),
        ):
            if key in leases:
                cache().fill(key, value, leases[key], seconds=min(_SECONDS, left))
    return expires_at, profile


def forget(written: Iterable[object]) -> None:
    """Delete what was cached of aggregates that have changed."""
    keys = {key for aggregate in written for key in _keys_of(aggregate)}
    if keys:
        cache().delete_many(keys)


def _keys_of(aggregate: object) -> list[str]:
    match aggregate:
        case UserSession(id=session_id):
            return [_session_key(session_id)]
        case User(id=user_id) | Membership(user_id=user_id):
            return [_user_key(user_id)]
    return []


def _session_key(session_id: UUID) -> str:
    return f"identity:{_VERSION}:session:{session_id}"


def _user_key(user_id: UUID) -> str:
    return f"identity:{_VERSION}:user:{user_id}"


def _encode(profile: Profile) -> dict[str, Any]:
    return {
        **asdict(profile),
        "id": str(profile.id),
        "created_at": profile.created_at.isoformat(),
        "last_login_at": profile.last_login_at and profile.last_login_at.isoformat(),
        "memberships": [
            [str(each.organization_id), each.organization_name, each.role]
            for each in profile.memberships
        ],
    }


def _decode(value: dict[str, Any]) -> Profile:
    last_login_at = value["last_login_at"]
    return Profile(
        **{
            **value,
            "id": UUID(value["id"]),
            "status": UserStatus(value["status"]),
            "created_at": datetime.fromisoformat(value["created_at"]),
            "last_login_at": last_login_at and datetime.fromisoformat(last_login_at),
            "memberships": tuple(
                MembershipView(
                    organization_id=OrganizationId(UUID(organization_id)),
                    organization_name=name,
                    role=Role(role),
                )
                for organization_id, name, role in value["memberships"]
            ),
        }
    )
