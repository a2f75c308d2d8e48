"""Change what an organization calls an account, and when and how often it may be published to."""

from uuid import UUID

from shared.channels.application.ports import Begin
from shared.channels.domain.connection import Connection, ConnectionChanges
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock

_PACE = {"minimum_gap_seconds", "daily_cap"}


def change_connection(
    begin: Begin, clock: Clock, *, actor: Actor, connection_id: UUID, changes: ConnectionChanges
) -> Connection:
    """Change what is given; what waits by the old policy is planned anew within a minute."""
    now = clock()
    with begin() as work:
        actor.own(work.connections.get(connection_id), "connection")
        if changes.keys() & _PACE:
            work.schedules.replan(connection_id, now=now)
        # Locked only now: the publisher too takes schedules first, then connections.
        connection = actor.own(work.connections.get_for_update(connection_id), "connection")
        connection.change(changes, now)
    return connection
