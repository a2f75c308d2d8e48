"""Ask a network something as one of its accounts, which changes nothing there nor here."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from shared.channels.application.ports import Asker, Begin
from shared.channels.domain.connection_errors import asking_error
from shared.channels.domain.provider import ProviderError
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED
from shared.kernel.actor import Actor

Answer = TypeVar("Answer")


def ask_network(
    begin: Begin,
    ask: Callable[[Asker], Answer],
    renew: Callable[[], object],
    *,
    actor: Actor,
    connection_id: UUID,
) -> Answer:
    """One short transaction, then the network.

    Should the credentials have expired before their time, they are renewed and it is asked once
    more.

    Raises:
        Conflict: `CONNECTION_DISCONNECTED`, `CONNECTION_REFUSED` where the network does not let the
            account ask this, or what `renew` raises.
        RuleViolation: `ARGUMENTS_REFUSED`, by the network.
        Unavailable: `CHANNEL_UNAVAILABLE`.
    """
    try:
        return ask(_asker(begin, actor, connection_id))
    except ProviderError as error:
        if error.code != CREDENTIALS_EXPIRED:
            raise asking_error(error) from error
    renew()
    try:
        return ask(_asker(begin, actor, connection_id))
    except ProviderError as error:
        raise asking_error(error) from error


def _asker(begin: Begin, actor: Actor, connection_id: UUID) -> Asker:
    with begin() as work:
        connection = actor.own(work.connections.get(connection_id), "connection")
        return Asker(
            connection_id=connection_id,
            channel=connection.channel,
            sealed=connection.sealed(),
            application=work.applications.of([connection]).get(connection_id),
        )
