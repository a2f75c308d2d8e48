"""Reads shaped for answers."""

from collections.abc import Collection
from dataclasses import fields, replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from shared.identity.adapters.memberships import answered_for, memberships_of
from shared.identity.adapters.tables import users
from shared.identity.domain.profile import Profile
from shared.identity.domain.user import AuthMethod, UserStatus
from shared.infrastructure.database import among, transaction
from shared.kernel.errors import NotFound

P = TypeVar("P", bound=Profile)

SHOWN = [
    users.c.email_verified_at.is_not(None).label(field.name)
    if field.name == "email_verified"
    else users.c[field.name]
    for field in fields(Profile)
    if field.name != "memberships"
]
_LIVE = users.c.deleted_at.is_(None)


def profile(session: Session, user_id: UUID) -> Profile | None:
    """A live user; a program that nobody answers for any more is shown as disabled."""
    found = profiles(session, select(*SHOWN).where(users.c.id == user_id, _LIVE), Profile)
    if not found:
        return None
    if found[0].auth_method == AuthMethod.KEY and not answered_for(session, [user_id]):
        return replace(found[0], status=UserStatus.DISABLED)
    return found[0]


def one_user(user_id: UUID) -> Profile:
    """A live user, to look at.

    Raises:
        NotFound: `USER_NOT_FOUND`.
    """
    with transaction() as session:
        found = profile(session, user_id)
    if found is None:
        raise NotFound("USER_NOT_FOUND", "There is no such user")
    return found


def active_users(session: Session, user_ids: Collection[UUID]) -> set[UUID]:
    """Those of the users who are live and active; of programs those that somebody answers for."""
    found = session.execute(
        select(users.c.id, users.c.auth_method).where(
            among(users.c.id, user_ids), users.c.status == UserStatus.ACTIVE, _LIVE
        )
    ).all()
    programs = {row.id for row in found if row.auth_method is AuthMethod.KEY}
    active = {row.id for row in found} - programs
    return active | answered_for(session, programs) if programs else active


def profiles(session: Session, people: Select[Any], kind: type[P]) -> list[P]:
    """Those selected by `SHOWN`, and by what more a `kind` of profile shows."""
    rows = session.execute(people).mappings().all()
    found = memberships_of(session, [row["id"] for row in rows])
    return [kind(**row, memberships=tuple(found[row["id"]])) for row in rows]
