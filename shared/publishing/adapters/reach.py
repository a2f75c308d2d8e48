"""How far an actor reaches into what publishing keeps."""

from sqlalchemy import ColumnElement, Table
from sqlalchemy.orm import Session

from shared.infrastructure.database import among
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.publishing.adapters.connections import ChannelsConnections


def reached_through_connections(
    session: Session, table: Table, actor: Actor
) -> list[ColumnElement[bool]]:
    """As `within_reach`, for a table that names connections, whose channels only channels knows."""
    conditions = within_reach(table, actor)
    if actor.channels is not None:
        usable = ChannelsConnections(session).on(actor.channels, actor.organization_id)
        conditions.append(among(table.c.channel_connection_id, usable))
    return conditions
