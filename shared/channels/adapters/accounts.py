"""Accounts, proved at their networks: a synchronous door to the asynchronous providers."""

import logging
from collections.abc import Mapping

from shared.channels.adapters.lending import lend, taken_back
from shared.channels.adapters.networks import networks, only_provider_errors, secrets_of
from shared.channels.adapters.registry import load
from shared.channels.adapters.vault import unseal
from shared.channels.application.ports import Revocation
from shared.channels.domain.authorization import Authorizable
from shared.channels.domain.connection import printable
from shared.channels.domain.kept_application import KeptApplication
from shared.channels.domain.provider import Account, ProviderError
from shared.infrastructure.http_client import waited_for

logger = logging.getLogger(__name__)

_ID_LENGTH = 500


def prove(
    channel: str, fields: Mapping[str, str], application: KeptApplication | None = None
) -> Account:
    """Ask a network whether credentials suffice, and whose they are.

    Raises:
        ProviderError: nothing else, and without the secrets in its words.
    """
    return waited_for(_prove(channel, fields, lend(fields, application)))


async def _prove(channel: str, fields: Mapping[str, str], lent: Mapping[str, str]) -> Account:
    provider = load(channel)
    with only_provider_errors(secrets_of(provider, lent)):
        async with networks() as http:
            return believable(taken_back(await provider.connect(http, lent), fields))


def believable(account: Account) -> Account:
    """What a network, or whoever poses as one, says of an account, if it has the right shape."""
    shown = (account.username, account.display_name, account.url, account.avatar_url or "")
    if not all(isinstance(text, str) for text in (account.external_id, *shown)):
        raise TypeError("an account is described in text")
    if not account.external_id or account.external_id != printable(account.external_id, _ID_LENGTH):
        raise ValueError("an account has an id that can be written down")
    return account


def revoke(revocation: Revocation) -> None:
    """Have the network forget credentials, if it can; they are forgotten here already."""
    facts = {"connection_id": str(revocation.connection_id), "channel": revocation.channel}
    try:
        waited_for(_revoke(revocation))
    except ProviderError as error:
        logger.warning("revocation_failed", extra={**facts, "code": error.code})
    except Exception:
        logger.exception("revocation_failed", extra=facts)


async def _revoke(revocation: Revocation) -> None:
    provider = load(revocation.channel)
    if not isinstance(provider, Authorizable):
        return
    credentials = unseal(revocation.connection_id, revocation.sealed)
    lent = lend(credentials, revocation.application)
    with only_provider_errors(secrets_of(provider, lent)):
        async with networks() as http:
            await provider.revoke(http, lent)
