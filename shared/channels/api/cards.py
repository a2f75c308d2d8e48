"""Connected accounts in a few words, for whoever shows something else that names them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.channels.adapters.tables import channel_connections as connections
from shared.infrastructure.database import among
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class ConnectionCard:
    id: UUID
    display_name: str
    account_username: str
    account_avatar: str | None
    status: str


def cards(
    session: Session, actor: Actor, connection_ids: Collection[UUID]
) -> Mapping[UUID, ConnectionCard]:
    """Whatever their status, as far as the actor may see connections at all."""
    if not actor.may("channels:read"):
        return {}
    columns = connections.c
    rows = session.execute(
        select(
            columns.id,
            columns.display_name,
            columns.account_username,
            columns.account_avatar,
            columns.status,
        ).where(
            among(columns.id, connection_ids),
            *within_reach(connections, actor.exercising("channels:read")),
        )
    )
    return {row.id: ConnectionCard(**row._mapping) for row in rows}  # noqa: SLF001 its public name
