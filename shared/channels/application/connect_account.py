"""Connect an account of a network to the actor's organization."""

from collections.abc import Mapping, Sequence

from shared.channels.application.ports import Begin, Prove, Seal
from shared.channels.domain.connect_fields import complete
from shared.channels.domain.connection import Connection
from shared.channels.domain.connection_errors import connection_error
from shared.channels.domain.provider import Field, ProviderError
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def connect_account(
    begin: Begin,
    prove: Prove,
    seal: Seal,
    clock: Clock,
    *,
    actor: Actor,
    channel: str,
    asked: Sequence[Field],
    typed: Mapping[str, str],
    display_name: str | None,
) -> Connection:
    """Prove what was typed, then keep it; an account that was connected before revives its row.

    Raises:
        PermissionDenied: `CHANNEL_ACCESS_DENIED`.
        RuleViolation: a field is missing, or `CONNECTION_REFUSED`.
        Unavailable: `CHANNEL_UNAVAILABLE`.
        Conflict: `CONNECTION_ALREADY_EXISTS`.
    """
    actor.demand_channel(channel)
    fields = complete(asked, typed)
    try:
        account = prove(channel, fields)
    except ProviderError as error:
        raise connection_error(error) from error
    now = clock()
    with begin() as work:
        known = work.connections.of_account(actor.organization_id, channel, account.external_id)
        if known is not None:
            # Before it is locked: the publisher too takes schedules first, then connections.
            work.schedules.resume(known.id, now=now)
            known = work.connections.get_for_update(known.id)
        if known is not None:
            known.demand_renewable()
        connection = known or Connection.new(
            actor=actor, channel=channel, external_account_id=account.external_id, now=now
        )
        connection.prove(account, seal(connection.id, account.credentials), now)
        connection.name(display_name, account.display_name, account.username)
        if known is None:
            work.connections.add(connection)
    return connection
