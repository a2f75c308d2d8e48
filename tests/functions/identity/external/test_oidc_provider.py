"""The same against a provider by other hands, where Node.js is there to run it.

Without it nothing is lost but the second opinion: all else here runs against our own imitation.
"""

from collections.abc import Iterator

import pytest

from tests.accounts import Account
from tests.api import Api
from tests.functions.identity.external.browser import API, Browser
from tests.functions.identity.external.conftest import forget_providers
from tests.functions.identity.external.oidc_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    NotInstallable,
    OidcProviderOfNode,
    oidc_provider,
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OidcProviderOfNode]:
    folder = tmp_path_factory.mktemp("oidc-provider")
    try:
        with oidc_provider(folder, f"{API}/auth/oauth/node/callback") as running:
            yield running
    except NotInstallable as reason:
        pytest.skip(str(reason))


@pytest.fixture
def node(
    running: OidcProviderOfNode, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OidcProviderOfNode]:
    monkeypatch.setenv("OIDC_NODE_ISSUER", running.url)
    monkeypatch.setenv("OIDC_NODE_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("OIDC_NODE_CLIENT_SECRET", CLIENT_SECRET)
    forget_providers()
    yield running
    forget_providers()


def _travel(browser: Browser, node: OidcProviderOfNode, login: str) -> dict[str, str]:
    url = browser.set_out("/auth/oauth/node/authorize")
    return browser.come_back(node.sign_in(url, login=login), "/auth/oauth/node/callback")


def test_somebody_signs_in(browser: Browser, node: OidcProviderOfNode, admitting: Account) -> None:
    user = browser.exchange(_travel(browser, node, "ada")["code"]).json["user"]
    assert (user["email"], user["name"]) == ("ada@example.com", "Ada Lovelace")
    assert (user["locale"], user["timezone"]) == ("de-AT", "Europe/Vienna")
    again = browser.exchange(_travel(browser, node, "ada")["code"]).json["user"]
    assert again["id"] == user["id"]


def test_a_returned_address_is_good_once(
    browser: Browser, node: OidcProviderOfNode, admitting: Account
) -> None:
    said = node.sign_in(browser.set_out("/auth/oauth/node/authorize"), login="ada")
    assert browser.come_back(said, "/auth/oauth/node/callback").keys() == {"code"}
    refused = browser.come_back(said, "/auth/oauth/node/callback")
    assert refused == {"error": "INVALID_OAUTH_STATE"}


def test_a_stolen_code_does_not_fit(
    browser: Browser, node: OidcProviderOfNode, admitting: Account, api: Api
) -> None:
    stolen = node.sign_in(browser.set_out("/auth/oauth/node/authorize"), login="ada")["code"]
    thief = Browser(api)
    said = node.sign_in(thief.set_out("/auth/oauth/node/authorize"), login="eve")
    told = thief.come_back({**said, "code": stolen}, "/auth/oauth/node/callback")
    assert told == {"error": "INVALID_AUTHORIZATION_CODE"}


def test_a_wrong_client_secret(
    browser: Browser,
    node: OidcProviderOfNode,
    admitting: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OIDC_NODE_CLIENT_SECRET", "another")
    forget_providers()
    assert _travel(browser, node, "ada") == {"error": "OAUTH_TOKEN_EXCHANGE_FAILED"}
