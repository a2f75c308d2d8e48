"""The members of an organization, as they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from shared.identity.adapters.memberships import membership_view, select_memberships
from shared.identity.adapters.tables import memberships, organizations, users
from shared.identity.domain.organization import Organization
from shared.identity.domain.profile import MembershipView
from shared.identity.domain.user import AuthMethod, UserStatus
from shared.infrastructure.database import transaction
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound
from shared.kernel.paging import Page, Paging


@dataclass(frozen=True, kw_only=True)
class Member:
    """A user with a live account, in one organization."""

    user_id: UUID
    email: str
    name: str
    avatar_url: str | None
    auth_method: AuthMethod
    status: UserStatus
    joined_at: datetime
    membership: MembershipView


_USER = (users.c.email, users.c.name, users.c.avatar_url, users.c.auth_method, users.c.status)
_MEMBERS = (
    select_memberships(*_USER, memberships.c.created_at.label("joined_at"))
    .join(users, users.c.id == memberships.c.user_id)
    .where(users.c.deleted_at.is_(None))
)


def page_of_members(actor: Actor, *, search: str, paging: Paging) -> Page[Member]:
    """Members of the actor's organization, whoever joined first in front."""
    wanted: list[ColumnElement[bool]] = [memberships.c.organization_id == actor.organization_id]
    if search:
        wanted.append(
            or_(
                users.c.name.icontains(search, autoescape=True),
                users.c.email.icontains(search, autoescape=True),
            )
        )
    found = _MEMBERS.where(*wanted)
    with transaction() as session:
        total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
        rows = session.execute(
            found.order_by(memberships.c.created_at, memberships.c.user_id)
            .limit(paging.limit)
            .offset(paging.offset)
        ).all()
    return Page(items=_members(rows), total=total)


def one_member(actor: Actor, member_id: UUID) -> Member:
    """A member of the actor's organization.

    Raises:
        NotFound: `MEMBER_NOT_FOUND`.
    """
    with transaction() as session:
        rows = session.execute(
            _MEMBERS.where(
                memberships.c.organization_id == actor.organization_id,
                memberships.c.user_id == member_id,
            )
        ).all()
    if not rows:
        raise NotFound("MEMBER_NOT_FOUND", "There is no such member")
    return _members(rows)[0]


def organization_exists(organization_id: UUID) -> bool:
    with transaction() as session:
        return _organization(session, organization_id) is not None


def own_organization(actor: Actor) -> Organization:
    """The one the actor acts in.

    Raises:
        NotFound: `ORGANIZATION_NOT_FOUND`.
    """
    with transaction() as session:
        found = _organization(session, actor.organization_id)
    if found is None:
        raise NotFound("ORGANIZATION_NOT_FOUND", "There is no such organization")
    return found


def _organization(session: Session, organization_id: UUID) -> Organization | None:
    return session.scalar(select(Organization).where(organizations.c.id == organization_id))


def _members(rows: Sequence[Row[Any]]) -> list[Member]:
    return [
        Member(
            user_id=row.user_id,
            email=row.email,
            name=row.name,
            avatar_url=row.avatar_url,
            auth_method=row.auth_method,
            status=row.status,
            joined_at=row.joined_at,
            membership=membership_view(row),
        )
        for row in rows
    ]
