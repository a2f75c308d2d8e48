"""Load a connection, if it is the actor's organization's."""

from uuid import UUID

from shared.channels.application.ports import ChannelsUnitOfWork
from shared.channels.domain.connection import Connection
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound


def own_connection(work: ChannelsUnitOfWork, actor: Actor, connection_id: UUID) -> Connection:
    """Find, without a lock.

    Raises:
        NotFound: `CONNECTION_NOT_FOUND`.
        PermissionDenied: `CONNECTION_ACCESS_DENIED`.
    """
    connection = work.connections.get(connection_id)
    if connection is None:
        raise NotFound("CONNECTION_NOT_FOUND", "There is no such connection")
    actor.demand_own(connection.organization_id, "connection")
    return connection
