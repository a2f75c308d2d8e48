"""Receive a person whom a network sends back: no transaction while it is asked."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.channels.application.connecting.ports import Authorizing, Returned, Secrets, Vault
from shared.channels.application.connecting.spend_state import Shown, Traveller, spend_state
from shared.channels.application.keep_accounts import Source, keep_accounts
from shared.channels.application.ports import Begin
from shared.channels.domain.connection import Connection
from shared.channels.domain.connection_errors import consent_error
from shared.channels.domain.happenings import happened_to
from shared.channels.domain.journey import CHOICE_LASTS
from shared.channels.domain.provider import Account, ProviderError
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, FaultyService, PermissionDenied, RuleViolation
from shared.kernel.happenings import Happening

logger = logging.getLogger(__name__)

_LONGEST_LOGGED = 100


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Several accounts to choose from, by this id, within `expires_in` seconds."""

    id: UUID
    accounts: Sequence[Account]
    expires_in: int


def come_back(
    begin: Begin,
    networks: Authorizing,
    secrets: Secrets,
    vault: Vault,
    clock: Clock,
    *,
    returned: Returned,
    shown: Shown,
) -> Connection | Choice:
    """Answers the connection, where the network has one account to offer or one was to be mended.

    Raises:
        PermissionDenied: `INVALID_STATE`; or `OAUTH_DENIED`, the person said no there.
        RuleViolation: `MISSING_AUTHORIZATION_CODE`, `SCOPES_MISSING`, `OAUTH_FAILED` or
            `NO_ACCOUNTS`.
        Conflict: `CONNECTION_ALREADY_EXISTS`, or `CONNECTION_ACCOUNT_CHANGED`: it was another.
        FaultyService: `OAUTH_PROVIDER_ERROR`.
        Unavailable: `CHANNEL_UNAVAILABLE`.
    """
    traveller = spend_state(begin, secrets, vault, state=returned.state, shown=shown, now=clock())
    accounts = _accounts(networks, traveller, _code(returned))
    now = clock()
    mends = traveller.journey.channel_connection_id
    if mends is not None:
        return _mended(begin, vault, traveller, connection_id=mends, accounts=accounts, now=now)
    if len(accounts) > 1:
        return _offered(begin, vault, traveller, accounts, now)
    with begin() as work:
        (connection,) = keep_accounts(
            work,
            vault.seal,
            actor=traveller.actor,
            channel=traveller.journey.channel,
            accounts=accounts,
            source=_source(traveller),
            display_name=traveller.journey.display_name,
            now=now,
        )
    return connection


def _code(returned: Returned) -> str:
    if returned.error == "access_denied":
        raise PermissionDenied("OAUTH_DENIED", "You did not agree at the network")
    if returned.error is not None:
        logger.warning("connecting_failed", extra={"error": returned.error[:_LONGEST_LOGGED]})
        raise FaultyService("OAUTH_PROVIDER_ERROR", "The network reports an error")
    if not returned.code:
        raise RuleViolation("MISSING_AUTHORIZATION_CODE", "The code is missing", field="code")
    return returned.code


def _accounts(networks: Authorizing, traveller: Traveller, code: str) -> list[Account]:
    """Each once, whatever the network says."""
    try:
        offered = networks.exchange(
            traveller.journey.channel, traveller.application, traveller.authorization, code
        )
    except ProviderError as error:
        raise consent_error(error) from error
    if not offered:
        raise RuleViolation("NO_ACCOUNTS", "There is no account there that you may publish for")
    once: dict[str, Account] = {}
    for account in offered:
        once.setdefault(account.external_id, account)
    return list(once.values())


def _mended(
    begin: Begin,
    vault: Vault,
    traveller: Traveller,
    *,
    connection_id: UUID,
    accounts: Sequence[Account],
    now: datetime,
) -> Connection:
    actor = traveller.actor
    with begin() as work:
        connection = actor.own(work.connections.get(connection_id), "connection")
        known = connection.external_account_id
        account = next((one for one in accounts if one.external_id == known), None)
        if account is None:
            raise Conflict(
                "CONNECTION_ACCOUNT_CHANGED",
                "You have agreed as another account than the one that is connected here",
            )
        # Before it is locked: the publisher too takes schedules first, then connections.
        work.schedules.resume(connection_id, now=now)
        connection = actor.own(work.connections.get_for_update(connection_id), "connection")
        connection.prove(account, vault.seal(connection_id, account.credentials), now)
        source = _source(traveller)
        connection.come_through(source.application_id, source.grant_id)
        connected = happened_to(connection, Happening.CHANNEL_CONNECTED, by=actor.user_id, at=now)
        work.happenings.record(connected)
        return connection


def _offered(
    begin: Begin, vault: Vault, traveller: Traveller, accounts: Sequence[Account], now: datetime
) -> Choice:
    journey = traveller.journey
    choosing = journey.choosing(vault.seal_accounts(journey.id, accounts), now)
    with begin() as work:
        work.journeys.add(choosing)
    return Choice(id=choosing.id, accounts=accounts, expires_in=int(CHOICE_LASTS.total_seconds()))


def _source(traveller: Traveller) -> Source:
    return Source(application_id=traveller.application.id, grant_id=traveller.journey.id)
