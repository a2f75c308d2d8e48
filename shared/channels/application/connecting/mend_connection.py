"""Begin anew for a connection that there is: its id and what waits for it stay."""

from uuid import UUID

from shared.channels.application.connecting.ports import Authorizing, Secrets, Vault
from shared.channels.application.connecting.set_out import Departure, Wish, set_out
from shared.channels.application.ports import Begin
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def mend_connection(
    begin: Begin,
    networks: Authorizing,
    secrets: Secrets,
    vault: Vault,
    clock: Clock,
    *,
    actor: Actor,
    connection_id: UUID,
    server: str | None,
    redirect_uri: str,
    browser: str | None,
) -> Departure:
    """As `set_out`, and at the server it was connected at, unless another is named.

    Raises:
        NotFound: `CONNECTION_NOT_FOUND`.
        PermissionDenied: `CONNECTION_ACCESS_DENIED`.
        RuleViolation, Unavailable: see `application_for`.
    """
    with begin() as work:
        connection = actor.own(work.connections.get(connection_id), "connection")
        application = (
            work.applications.get(connection.application_id) if connection.application_id else None
        )
    channel = connection.channel
    if networks.registers(channel):
        # An account's own page lies at its server.
        server = server or (application.server if application else connection.account_url)
    wish = Wish(channel=channel, server=server, redirect_uri=redirect_uri, mends=connection_id)
    return set_out(begin, networks, secrets, vault, clock, actor=actor, wish=wish, browser=browser)
