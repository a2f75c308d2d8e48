"""As what a network knows the actor's organization, if need be from now on."""

from shared.channels.application.connecting.ports import Authorizing, Vault
from shared.channels.application.ports import Begin
from shared.channels.domain.connection_errors import registration_error
from shared.channels.domain.kept_application import SERVER_LENGTH, KeptApplication
from shared.channels.domain.provider import ProviderError
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import RuleViolation, Unavailable


def application_for(
    begin: Begin,
    networks: Authorizing,
    vault: Vault,
    clock: Clock,
    *,
    actor: Actor,
    channel: str,
    server: str | None,
    redirect_uri: str,
) -> KeptApplication:
    """The organization's own, else everybody's; where there are many servers, the server's.

    `server` is what a person calls theirs. One that does not know us yet is told of us, once.

    Raises:
        RuleViolation: `CHANNEL_NOT_SUPPORTED`; or `VALIDATION_ERROR`, the server is missing or none
            is meant; or `OAUTH_FAILED`, it does not want to know us.
        LimitExceeded: `TOO_MANY_SERVERS`, not known to us yet.
        Unavailable: `OAUTH_NOT_CONFIGURED`, or `CHANNEL_UNAVAILABLE`.
    """
    if not networks.authorizes(channel):
        raise RuleViolation(
            "CHANNEL_NOT_SUPPORTED",
            "Accounts of this channel are connected by what its connect_fields ask for",
            field="channel_id",
        )
    if networks.registers(channel):
        at = _server(networks, channel, server)
        with begin() as work:
            known = work.applications.registered(channel, at, redirect_uri)
        if known is None:
            networks.demand_turn(actor.organization_id)
        return known or _registered(
            begin,
            networks,
            vault,
            clock,
            channel=channel,
            server=at,
            redirect_uri=redirect_uri,
        )
    if server:
        raise RuleViolation("VALIDATION_ERROR", "This channel has but one server", field="server")
    with begin() as work:
        known = work.applications.own(actor.organization_id, channel)
        known = known or work.applications.everybodys(channel)
    if known is None:
        raise Unavailable(
            "OAUTH_NOT_CONFIGURED",
            "Nobody has given the credentials of an application at this channel yet",
        )
    return known


def _server(networks: Authorizing, channel: str, typed: str | None) -> str:
    if not typed:
        raise RuleViolation(
            "VALIDATION_ERROR", "This channel has many servers: say which", field="server"
        )
    try:
        server = networks.server(channel, typed)
    except ProviderError as error:
        raise RuleViolation("VALIDATION_ERROR", error.words, field="server") from error
    if len(server) > SERVER_LENGTH:
        raise RuleViolation("VALIDATION_ERROR", "No server has so long an address", field="server")
    return server


def _registered(
    begin: Begin,
    networks: Authorizing,
    vault: Vault,
    clock: Clock,
    *,
    channel: str,
    server: str,
    redirect_uri: str,
) -> KeptApplication:
    try:
        application = networks.register(channel, server, redirect_uri)
    except ProviderError as error:
        raise registration_error(error) from error
    kept = KeptApplication.new(
        application, vault.seal, clock(), channel=channel, redirect_uri=redirect_uri
    )
    with begin() as work:
        return work.applications.add_registered(kept)
