"""Disconnect an account: its credentials are forgotten, its history stays."""

from uuid import UUID

from shared.channels.application.ports import Begin
from shared.channels.domain.connection import Connection
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict


def disconnect_account(
    begin: Begin, clock: Clock, *, actor: Actor, connection_id: UUID, cancel_schedules: bool
) -> Connection:
    """Disconnect, once; a second time answers what the first one did.

    Raises:
        PermissionDenied: also of a schedule, where it would be cancelled.
        Conflict: `CONNECTION_HAS_ACTIVE_SCHEDULES`, and they are not to be cancelled.
    """
    now = clock()
    with begin() as work:
        actor.own(work.connections.get(connection_id), "connection")
        active = work.schedules.count_active(connection_id)
        if active and not cancel_schedules:
            raise Conflict(
                "CONNECTION_HAS_ACTIVE_SCHEDULES",
                f"{active} schedules still wait for this connection",
                meta={"active_schedules": active},
            )
        if active:
            work.schedules.cancel_active(connection_id, actor=actor, now=now)
        # Locked only now: the publisher too takes schedules first, then connections.
        connection = actor.own(work.connections.get_for_update(connection_id), "connection")
        connection.disconnect(now)
    return connection
