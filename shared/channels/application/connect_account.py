"""Connect an account of a network to the actor's organization."""

from collections.abc import Mapping, Sequence

from shared.channels.application.keep_accounts import Source, keep_accounts
from shared.channels.application.ports import Begin, Prove
from shared.channels.domain.connect_fields import complete
from shared.channels.domain.connection import Connection
from shared.channels.domain.connection_errors import connection_error
from shared.channels.domain.provider import Field, ProviderError
from shared.channels.domain.sealed import Seal
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
    with begin() as work:
        application = work.applications.own(actor.organization_id, channel)
        application = application or work.applications.everybodys(channel)
    try:
        account = prove(channel, fields, application)
    except ProviderError as error:
        raise connection_error(error) from error
    with begin() as work:
        (connection,) = keep_accounts(
            work,
            seal,
            actor=actor,
            channel=channel,
            accounts=[account],
            source=Source(application_id=application.id if application else None),
            display_name=display_name,
            now=clock(),
        )
    return connection
