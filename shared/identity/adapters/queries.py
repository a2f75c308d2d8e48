"""Reads shaped for answers."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from shared.identity.adapters.tables import memberships, organizations, users
from shared.identity.domain.profile import MembershipView, Profile
from shared.identity.domain.user import UserStatus
from shared.infrastructure.database import among, transaction
from shared.kernel.errors import NotFound
from shared.kernel.ids import OrganizationId
from shared.kernel.paging import Page, Paging

_SHOWN = [users.c[field.name] for field in fields(Profile) if field.name != "memberships"]
_LIVE = users.c.deleted_at.is_(None)


def profile(session: Session, user_id: UUID) -> Profile | None:
    """A live user."""
    found = _profiles(session, select(*_SHOWN).where(users.c.id == user_id, _LIVE))
    return found[0] if found else None


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


def page_of_users(*, status: UserStatus | None, paging: Paging) -> Page[Profile]:
    """Live users, newest first."""
    wanted: list[ColumnElement[bool]] = [_LIVE]
    if status is not None:
        wanted.append(users.c.status == status)
    page = (
        select(*_SHOWN)
        .where(*wanted)
        .order_by(users.c.created_at.desc(), users.c.id.desc())
        .limit(paging.limit)
        .offset(paging.offset)
    )
    with transaction() as session:
        total = session.scalar(select(func.count()).select_from(users).where(*wanted)) or 0
        people = _profiles(session, page)
    return Page(items=people, total=total)


def memberships_of(
    session: Session, user_ids: Collection[UUID]
) -> dict[UUID, list[MembershipView]]:
    """Where each user belongs, oldest first."""
    found: defaultdict[UUID, list[MembershipView]] = defaultdict(list)
    for row in session.execute(
        select(memberships, organizations.c.name)
        .join(organizations)
        .where(memberships.c.user_id.in_(user_ids))
        .order_by(memberships.c.created_at, memberships.c.organization_id)
    ):
        found[row.user_id].append(
            MembershipView(
                organization_id=OrganizationId(row.organization_id),
                organization_name=row.name,
                role=row.role,
            )
        )
    return found


def active_users(session: Session, user_ids: Collection[UUID]) -> set[UUID]:
    """Those of the users who are live and active."""
    return set(
        session.scalars(
            select(users.c.id).where(
                among(users.c.id, user_ids), users.c.status == UserStatus.ACTIVE, _LIVE
            )
        )
    )


def _profiles(session: Session, people: Select[Any]) -> list[Profile]:
    rows = session.execute(people).mappings().all()
    found = memberships_of(session, [row["id"] for row in rows])
    return [Profile(**row, memberships=tuple(found[row["id"]])) for row in rows]
