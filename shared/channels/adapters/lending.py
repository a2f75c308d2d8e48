"""The application's own secrets, lent to a provider for a call, and never kept with an account."""

from collections.abc import Mapping
from dataclasses import replace

from shared.channels.adapters.registry import load
from shared.channels.adapters.vault import unseal
from shared.channels.domain.authorization import Application
from shared.channels.domain.kept_application import KeptApplication
from shared.channels.domain.provider import Account, ProviderError
from shared.channels.domain.server_address import base_url

_LENT = ("client_id", "client_secret")
_PLACES = frozenset({"server", "instance"})
"""What the address is called that credentials are sent to."""


def opened(application: KeptApplication) -> Application:
    """What a provider is shown of it.

    Raises:
        Undecipherable: its key is gone.
    """
    return Application(**unseal(application.id, application.sealed), server=application.server)


def lend(credentials: Mapping[str, str], application: KeptApplication | None) -> dict[str, str]:
    """With the application's, unless the account has come with its own.

    And unless they go elsewhere than where the application is known: whoever types the address of
    a server of theirs would be handed its secret there.
    """
    if application is None or _LENT[0] in credentials or not _go_to(application, credentials):
        return dict(credentials)
    secrets = unseal(application.id, application.sealed)
    return {**credentials, **{name: secrets[name] for name in _LENT}}


def _go_to(application: KeptApplication, credentials: Mapping[str, str]) -> bool:
    fields = load(application.channel).connect_fields
    known = {application.server, *(one.default for one in fields if one.name in _PLACES)}
    try:
        return all(base_url(credentials[name]) in known for name in _PLACES & credentials.keys())
    except ProviderError:
        return False


def take_back(answered: Mapping[str, str], kept: Mapping[str, str]) -> dict[str, str]:
    """Without what was lent; `kept` are the credentials before that."""
    return {name: value for name, value in answered.items() if name not in _LENT or name in kept}


def taken_back(account: Account, kept: Mapping[str, str]) -> Account:
    return replace(account, credentials=take_back(account.credentials, kept))
