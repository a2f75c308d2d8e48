"""Accounts, proved at their networks: a synchronous door to the asynchronous providers."""

import asyncio
from collections.abc import Mapping

from shared.channels.adapters.networks import networks, only_provider_errors, secrets_of
from shared.channels.adapters.registry import load
from shared.channels.domain.connection import printable
from shared.channels.domain.provider import Account

_ID_LENGTH = 500


def prove(channel: str, fields: Mapping[str, str]) -> Account:
    """Ask a network whether credentials suffice, and whose they are.

    Raises:
        ProviderError: nothing else, and without the secrets in its words.
    """
    return asyncio.run(_prove(channel, fields))


async def _prove(channel: str, fields: Mapping[str, str]) -> Account:
    provider = load(channel)
    with only_provider_errors(secrets_of(provider, fields)):
        async with networks() as http:
            return _believable(await provider.connect(http, fields))


def _believable(account: Account) -> Account:
    """What a network, or whoever poses as one, says of an account, if it has the right shape."""
    shown = (account.username, account.display_name, account.url, account.avatar_url or "")
    if not all(isinstance(text, str) for text in (account.external_id, *shown)):
        raise TypeError("an account is described in text")
    if not account.external_id or account.external_id != printable(account.external_id, _ID_LENGTH):
        raise ValueError("an account has an id that can be written down")
    return account
