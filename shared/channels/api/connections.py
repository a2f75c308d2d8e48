"""The connected accounts, to the rest of Luxaris; always within the caller's transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from shared.channels.adapters.tables import channel_connections as connections
from shared.channels.domain.connection import MESSAGE_LENGTH, printable


@dataclass(frozen=True, kw_only=True)
class ConnectionView:
    """`channel` is the slug; `limits` are the account's own where it has some."""

    id: UUID
    organization_id: UUID
    channel: str
    status: Literal["connected", "error", "disconnected"]
    limits: Mapping[str, int]


def views(session: Session, connection_ids: Collection[UUID]) -> dict[UUID, ConnectionView]:
    """The connections that exist among `connection_ids`, whatever their status."""
    columns = (
        connections.c.id,
        connections.c.organization_id,
        connections.c.channel,
        connections.c.status,
        connections.c.limits,
    )
    rows = session.execute(select(*columns).where(connections.c.id.in_(connection_ids)))
    return {row.id: ConnectionView(**row._mapping) for row in rows}  # noqa: SLF001 its public name


def mark_used(session: Session, connection_ids: Collection[UUID], at: datetime) -> None:
    """Remember when something was last published through each."""
    session.execute(
        update(connections)
        .where(connections.c.id.in_(_held(session, connection_ids)))
        .values(last_used_at=func.greatest(connections.c.last_used_at, at))
    )


def mark_failed(session: Session, failures: Mapping[UUID, str], at: datetime) -> None:
    """Put connections whose credentials the network refused into `error`, with its words."""
    held = _held(session, failures)
    if not held:
        return
    session.execute(
        update(connections)
        .where(connections.c.id == bindparam("row_id"), connections.c.status == "connected")
        .values(status="error", error_message=bindparam("words"), updated_at=at),
        [{"row_id": one, "words": printable(failures[one], MESSAGE_LENGTH)} for one in held],
    )


def _held(session: Session, connection_ids: Collection[UUID]) -> list[UUID]:
    """Lock rows in one order, so that two batches never wait for each other in a circle."""
    return list(
        session.scalars(
            select(connections.c.id)
            .where(connections.c.id.in_(connection_ids))
            .order_by(connections.c.id)
            .with_for_update(key_share=True)
        )
    )
