"""Everybody with an account, in pages, as root looks at them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from shared.identity.adapters.queries import SHOWN, P, profiles
from shared.identity.adapters.tables import users
from shared.identity.domain.profile import Profile
from shared.identity.domain.user import AuthMethod, UserStatus
from shared.infrastructure.database import transaction
from shared.kernel.paging import Page, Paging


@dataclass(frozen=True, kw_only=True)
class WantedUsers:
    """None means whatever; `search` is found in names and addresses."""

    status: UserStatus | None = None
    auth_method: AuthMethod | None = None
    is_root: bool | None = None
    search: str | None = None


@dataclass(frozen=True, kw_only=True)
class DeletedProfile(Profile):
    deleted_at: datetime


def page_of_users(wanted: WantedUsers, *, paging: Paging) -> Page[Profile]:
    """Live users, newest first."""
    conditions = [users.c.deleted_at.is_(None), *_conditions(wanted)]
    return _page(conditions, Profile, newest=users.c.created_at, paging=paging)


def page_of_deleted(wanted: WantedUsers, *, paging: Paging) -> Page[DeletedProfile]:
    """Deleted users, latest first."""
    conditions = [users.c.deleted_at.is_not(None), *_conditions(wanted)]
    return _page(
        conditions, DeletedProfile, users.c.deleted_at, newest=users.c.deleted_at, paging=paging
    )


def _conditions(wanted: WantedUsers) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        conditions.append(users.c.status == wanted.status)
    if wanted.auth_method is not None:
        conditions.append(users.c.auth_method == wanted.auth_method)
    if wanted.is_root is not None:
        conditions.append(users.c.is_root == wanted.is_root)
    if wanted.search:
        conditions.append(
            or_(
                *(
                    column.icontains(wanted.search, autoescape=True)
                    for column in (users.c.name, users.c.email)
                )
            )
        )
    return conditions


def _page(
    conditions: list[ColumnElement[bool]],
    kind: type[P],
    *more: ColumnElement[object],
    newest: ColumnElement[datetime],
    paging: Paging,
) -> Page[P]:
    page = (
        select(*SHOWN, *more)
        .where(*conditions)
        .order_by(newest.desc(), users.c.id.desc())
        .limit(paging.limit)
        .offset(paging.offset)
    )
    with transaction() as session:
        total = session.scalar(select(func.count()).select_from(users).where(*conditions)) or 0
        return Page(items=profiles(session, page, kind), total=total)
