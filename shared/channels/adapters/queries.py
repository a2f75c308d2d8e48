"""Connections as the answers show them: never with their credentials."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select

from shared.channels.adapters.tables import channel_connections
from shared.infrastructure.database import transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.paging import Page, Paging

_SHOWN: tuple[ColumnElement[Any], ...] = (
    channel_connections.c.id,
    channel_connections.c.organization_id,
    channel_connections.c.created_by,
    channel_connections.c.channel,
    channel_connections.c.display_name,
    channel_connections.c.account_username,
    channel_connections.c.account_url,
    channel_connections.c.account_avatar,
    channel_connections.c.limits,
    channel_connections.c.status,
    channel_connections.c.error_message,
    channel_connections.c.created_at,
    channel_connections.c.updated_at,
    channel_connections.c.last_used_at,
    channel_connections.c.disconnected_at,
    channel_connections.c.token_expires_at,
    channel_connections.c.next_refresh_at,
    channel_connections.c.refresh_attempts,
    channel_connections.c.refresh_lease_until,
    channel_connections.c.lateness_minutes,
    channel_connections.c.minimum_gap_seconds,
    channel_connections.c.daily_cap,
)


def connection(actor: Actor, connection_id: UUID) -> Row[Any]:
    query = select(*_SHOWN).where(channel_connections.c.id == connection_id)
    with transaction() as session:
        found: Any = session.execute(query).one_or_none()
    row: Row[Any] = actor.own(found, "connection")
    return row


def connections(
    actor: Actor, *, status: str | None, channel: str | None, paging: Paging
) -> Page[Row[Any]]:
    """Connections within the actor's reach, newest first; disconnected ones where asked for."""
    table = channel_connections.c
    matching: list[ColumnElement[bool]] = [
        *within_reach(channel_connections, actor),
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
