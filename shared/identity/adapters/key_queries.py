"""API keys and service accounts as the answers show them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select

from shared.identity.adapters.credential_tables import api_keys
from shared.identity.adapters.memberships import membership_view, select_memberships
from shared.identity.adapters.tables import memberships, users
from shared.identity.domain.user import AuthMethod
from shared.infrastructure.database import transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.paging import Page, Paging

_SHOWN = [column for column in api_keys.c if column is not api_keys.c.key_hash]


def page_of_keys(
    actor: Actor, *, service_account_id: UUID | None, paging: Paging
) -> Page[Row[Any]]:
    """The keys within the actor's reach, good or not, the newest first."""
    where = within_reach(api_keys, actor)
    if service_account_id is not None:
        where.append(api_keys.c.user_id == service_account_id)
    page = (
        _keys(*where)
        .order_by(api_keys.c.created_at.desc(), api_keys.c.id.desc())
        .limit(paging.limit)
        .offset(paging.offset)
    )
    with transaction() as session:
        total = session.scalar(select(func.count()).select_from(api_keys).where(*where)) or 0
        return Page(items=session.execute(page).all(), total=total)


def one_key(actor: Actor, key_id: UUID) -> Row[Any]:
    with transaction() as session:
        found: Any = session.execute(_keys(api_keys.c.id == key_id)).one_or_none()
    row: Row[Any] = actor.own(found, "api_key")
    return row


def _keys(*where: ColumnElement[bool]) -> Select[Any]:
    acts_as = users.c.name.label("acts_as_name"), users.c.auth_method.label("acts_as_method")
    return select(*_SHOWN, *acts_as).join(users, users.c.id == api_keys.c.user_id).where(*where)


def page_of_service_accounts(actor: Actor, paging: Paging) -> Page[Row[Any]]:
    """The organization's live ones, the newest first."""
    where = [memberships.c.organization_id == actor.organization_id, *_LIVE]
    page = (
        _accounts(*where)
        .order_by(users.c.created_at.desc(), users.c.id.desc())
        .limit(paging.limit)
        .offset(paging.offset)
    )
    counted = select(func.count()).select_from(memberships).join(users, _IS_MEMBER).where(*where)
    with transaction() as session:
        total = session.scalar(counted) or 0
        return Page(items=session.execute(page).all(), total=total)


def one_service_account(actor: Actor, account_id: UUID) -> Row[Any]:
    with transaction() as session:
        query = _accounts(users.c.id == account_id, *_LIVE)
        found: Any = session.execute(query).one_or_none()
    row: Row[Any] = actor.own(found, "service_account")
    return row


_IS_MEMBER = users.c.id == memberships.c.user_id
_LIVE = (users.c.auth_method == AuthMethod.KEY, users.c.deleted_at.is_(None))


def _accounts(*where: ColumnElement[bool]) -> Select[Any]:
    shown = users.c.id, users.c.name, users.c.status, users.c.created_at, users.c.updated_at
    return select_memberships(*shown).join(users, _IS_MEMBER).where(*where)


def role_of(account: Row[Any]) -> str:
    return membership_view(account).role_name
