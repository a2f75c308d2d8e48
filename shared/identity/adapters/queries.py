"""Reads shaped for answers."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from shared.identity.adapters.tables import memberships, organizations, users
from shared.identity.domain.profile import Affiliation, Profile
from shared.identity.domain.user import Status
from shared.kernel.ids import OrganizationId
from shared.kernel.paging import Page, Paging

_LIVE = users.c.deleted_at.is_(None)


def profile(session: Session, user_id: UUID) -> Profile | None:
    """A live user."""
    row = session.execute(select(users).where(users.c.id == user_id, _LIVE)).one_or_none()
    return _profiles(session, [row])[0] if row else None


def page_of_users(session: Session, *, status: Status | None, paging: Paging) -> Page[Profile]:
    """Live users, newest first."""
    wanted: list[ColumnElement[bool]] = [_LIVE]
    if status is not None:
        wanted.append(users.c.status == status)
    rows = session.execute(
        select(users)
        .where(*wanted)
        .order_by(users.c.created_at.desc(), users.c.id.desc())
        .limit(paging.limit)
        .offset(paging.offset)
    ).all()
    total = session.scalar(select(func.count()).select_from(users).where(*wanted)) or 0
    return Page(items=_profiles(session, rows), total=total)


def affiliations(session: Session, user_ids: Collection[UUID]) -> dict[UUID, list[Affiliation]]:
    """Where each user belongs, oldest first."""
    found: defaultdict[UUID, list[Affiliation]] = defaultdict(list)
    for row in session.execute(
        select(memberships, organizations.c.name)
        .join(organizations)
        .where(memberships.c.user_id.in_(user_ids))
        .order_by(memberships.c.created_at, memberships.c.organization_id)
    ):
        found[row.user_id].append(
            Affiliation(
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
            select(users.c.id).where(users.c.id.in_(user_ids), users.c.status == "active", _LIVE)
        )
    )


def _profiles(session: Session, rows: Sequence[Row[Any]]) -> list[Profile]:
    places = affiliations(session, [row.id for row in rows])
    return [
        Profile(
            id=row.id,
            email=row.email,
            name=row.name,
            avatar_url=row.avatar_url,
            auth_method=row.auth_method,
            status=row.status,
            is_root=row.is_root,
            timezone=row.timezone,
            locale=row.locale,
            created_at=row.created_at,
            last_login_at=row.last_login_at,
            affiliations=tuple(places[row.id]),
        )
        for row in rows
    ]
