"""Two issuers, strict and obedient, and somebody who signs in with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.accounts import Account, root
from tests.api import Api
from tests.functions.identity.external.browser import API, Browser
from tests.simulator.oidc import Issuer
from tests.simulator.server import serving

ADA: dict[str, Any] = {
    "sub": "ada-1",
    "email": "ada@example.com",
    "email_verified": True,
    "name": "Ada Lovelace",
    "picture": "https://pictures.example.com/ada.png",
    "locale": "de-AT",
    "zoneinfo": "Europe/Vienna",
}


def forget_providers() -> None:
    from shared.identity.adapters.oidc import _providers

    _providers.cache_clear()


@contextmanager
def _served(name: str, patch: pytest.MonkeyPatch, *more_uris: str) -> Iterator[Issuer]:
    issuer = Issuer({f"{API}/auth/oauth/{name}/callback", *more_uris}, person=ADA)
    with serving(issuer.app()) as url:
        issuer.url = url
        patch.setenv(f"OIDC_{name.upper()}_ISSUER", url)
        patch.setenv(f"OIDC_{name.upper()}_CLIENT_ID", issuer.client_id)
        patch.setenv(f"OIDC_{name.upper()}_CLIENT_SECRET", issuer.client_secret)
        forget_providers()
        yield issuer
    forget_providers()


@pytest.fixture
def acme(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    with _served("acme", monkeypatch) as issuer:
        yield issuer


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    with _served("google", monkeypatch, f"{API}/auth/google/callback") as issuer:
        yield issuer


@pytest.fixture
def owner(api: Api) -> Account:
    """Root, so that whoever follows is nobody in particular."""
    return root(api)


@pytest.fixture
def admitting(owner: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Whoever registers may start at once."""
    monkeypatch.setenv("REGISTRATION_MODE", "open")
    return owner


@pytest.fixture
def browser(api: Api) -> Browser:
    return Browser(api)
