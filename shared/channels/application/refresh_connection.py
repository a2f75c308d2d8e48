"""Renew the credentials of one connection, for somebody who will not wait for the timer."""

from dataclasses import replace
from uuid import UUID

from shared.channels.application.ports import Begin, RenewNow
from shared.channels.application.store_renewal import store_renewal
from shared.channels.domain.connection import Connection, Status
from shared.channels.domain.connection_errors import facts_of
from shared.channels.domain.provider import ProviderError
from shared.channels.domain.sealed import Seal
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, Unavailable


def refresh_connection(
    begin: Begin,
    renew: RenewNow,
    seal: Seal,
    clock: Clock,
    *,
    actor: Actor,
    connection_id: UUID,
) -> Connection:
    """Two short transactions, with the network between them.

    Raises:
        Conflict: `CONNECTION_DISCONNECTED`, `CONNECTION_NOT_REFRESHABLE`,
            `CONNECTION_REFRESH_IN_PROGRESS`, `CONNECTION_CHANGED` by somebody else meanwhile, or
            `CONNECTION_REFUSED` by the network: it is in `error` then.
        Unavailable: `CHANNEL_UNAVAILABLE`; it is tried again in a while.
    """
    with begin() as work:
        connection = actor.own(work.connections.get_for_update(connection_id), "connection")
        application = work.applications.of([connection]).get(connection_id)
        claim = replace(connection.claim_renewal(clock()), application=application)
    renewed = renew(claim)
    stored = store_renewal(begin, seal, clock, claim=claim, renewed=renewed, asked_by=actor.user_id)
    if stored is None:
        raise Conflict("CONNECTION_CHANGED", "Its credentials were changed meanwhile")
    if not isinstance(renewed, ProviderError):
        return stored
    if stored.status is Status.ERROR:
        raise Conflict(
            "CONNECTION_REFUSED",
            "The network refuses these credentials: connect the account again",
            meta=facts_of(renewed),
        )
    raise Unavailable(
        "CHANNEL_UNAVAILABLE",
        "The network gave no usable answer: it is tried again later",
        meta=facts_of(renewed),
    )
