"""Disconnect an account: its credentials are forgotten, its history stays."""

from uuid import UUID

from shared.channels.application.ports import Begin, ChannelsUnitOfWork, Revocation, Revoke
from shared.channels.domain.connection import Connection, Status
from shared.channels.domain.happenings import happened_to
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happening


def disconnect_account(
    begin: Begin,
    revoke: Revoke,
    clock: Clock,
    *,
    actor: Actor,
    connection_id: UUID,
    cancel_schedules: bool,
) -> Connection:
    """Disconnect, once; a second time answers what the first one did.

    The network is asked to forget the credentials after the commit: here they are gone either way.

    Raises:
        PermissionDenied: also of a schedule, where it would be cancelled.
        Conflict: `CONNECTION_HAS_ACTIVE_SCHEDULES`, and they are not to be cancelled.
    """
    now = clock()
    with begin() as work:
        known = actor.own(work.connections.get(connection_id), "connection")
        active = work.schedules.count_active(connection_id)
        if active and not cancel_schedules:
            raise Conflict(
                "CONNECTION_HAS_ACTIVE_SCHEDULES",
                f"{active} schedules still wait for this connection",
                meta={"active_schedules": active},
            )
        if active:
            work.schedules.cancel_active(connection_id, actor=actor, now=now)
        # Locked only now: the publisher too takes schedules first, then connections. All of the
        # grant, or two that go at once would each take the other for one that stays.
        work.connections.hold_grant(known)
        connection = actor.own(work.connections.get_for_update(connection_id), "connection")
        revocation = _revocation(work, connection)
        if connection.status is not Status.DISCONNECTED:
            connection.disconnect(now)
            disconnected = happened_to(
                connection, Happening.CHANNEL_DISCONNECTED, by=actor.user_id, at=now
            )
            work.happenings.record(disconnected)
    if revocation is not None:
        revoke(revocation)
    return connection


def _revocation(work: ChannelsUnitOfWork, connection: Connection) -> Revocation | None:
    """Nothing where there are no credentials, or others live by the same consent."""
    if connection.credentials is None or work.connections.share_a_grant(connection):
        return None
    return Revocation(
        connection_id=connection.id,
        channel=connection.channel,
        sealed=connection.sealed(),
        application=work.applications.of([connection]).get(connection.id),
    )
