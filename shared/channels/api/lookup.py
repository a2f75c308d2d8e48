"""Connected accounts looked for by their names; within the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from shared.channels.adapters.tables import channel_connections as connections
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class ConnectionFound:
    """`channel` is the slug."""

    id: UUID
    channel: str
    display_name: str
    account_username: str
    status: str


def connections_named(
    session: Session, actor: Actor, text: str, *, limit: int
) -> Sequence[ConnectionFound]:
    """Those within the actor's reach with `text` in a name, by name; no disconnected ones."""
    columns = connections.c
    rows = session.execute(
        select(*(columns[name] for name in ConnectionFound.__dataclass_fields__))
        .where(
            *within_reach(connections, actor),
            columns.status != "disconnected",
            or_(
                columns.display_name.icontains(text, autoescape=True),
                columns.account_username.icontains(text, autoescape=True),
            ),
        )
        .order_by(columns.display_name, columns.id)
        .limit(limit)
    )
    return [ConnectionFound(**row._mapping) for row in rows]  # noqa: SLF001 its public name
