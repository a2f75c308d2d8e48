"""Connections as the answers show them: never with their credentials."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select

from shared.channels.adapters.tables import channel_connections
from shared.infrastructure.database import transaction
from shared.kernel.errors import NotFound
from shared.kernel.paging import Page, Paging

_HIDDEN = {"credentials", "credentials_key_id"}
_SHOWN = [column for column in channel_connections.c if column.name not in _HIDDEN]


def connection(connection_id: UUID) -> Row[Any]:
    """One connection, whosever it is.

    Raises:
        NotFound: `CONNECTION_NOT_FOUND`.
    """
    with transaction() as session:
        row = session.execute(
            select(*_SHOWN).where(channel_connections.c.id == connection_id)
        ).one_or_none()
    if row is None:
        raise NotFound("CONNECTION_NOT_FOUND", "There is no such connection")
    return row


def connections(
    organization_id: UUID, *, status: str | None, channel: str | None, paging: Paging
) -> Page[Row[Any]]:
    """An organization's connections, newest first; disconnected ones only where asked for."""
    table = channel_connections.c
    matching: list[ColumnElement[bool]] = [
        table.organization_id == organization_id,
        table.status == status if status else table.status != "disconnected",
    ]
    if channel is not None:
        matching.append(table.channel == channel)
    page = (
        select(*_SHOWN)
        .where(*matching)
        .order_by(table.created_at.desc(), table.id.desc())
        .limit(paging.limit)
        .offset(paging.offset)
    )
    with transaction() as session:
        total = session.scalar(select(func.count()).where(*matching)) or 0
        return Page(items=session.execute(page).all(), total=total)
