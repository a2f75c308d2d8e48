"""Mastodon's OAuth, held against its imitation, which refuses what Doorkeeper refuses."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests

from shared.channels.adapters.providers import mastodon
from shared.channels.adapters.providers.mastodon import provider
from shared.channels.api.delivery import ErrorClass, Refused
from shared.channels.domain.authorization import Application, Authorizable, Authorization
from shared.channels.domain.authorization import Registering as Registers
from shared.channels.domain.mastodon.oauth import OAUTH
from shared.channels.domain.provider import Account
from tests.providers.account import called
from tests.simulator.client import Simulator

BACK = "https://luxaris.example/callback"
GOING = Authorization(redirect_uri=BACK, state="a-state", code_verifier="v" * 43)


@pytest.fixture
def application(simulator: Simulator) -> Application:
    server = f"{simulator.url}/mastodon"
    return called(lambda http: provider.register(http, server, BACK))


def visit(application: Application, **changes: str) -> requests.Response:
    url = urlsplit(provider.authorization_url(application, GOING))
    asked = {**dict(parse_qsl(url.query)), **changes}
    address = url._replace(query=urlencode(asked)).geturl()
    return requests.get(address, allow_redirects=False, timeout=5)


def returned(application: Application, **changes: str) -> dict[str, str]:
    answer = visit(application, **changes)
    assert answer.status_code == 302, answer.text
    assert answer.headers["location"].startswith(f"{BACK}?")
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def exchange(
    application: Application, code: str, authorization: Authorization = GOING
) -> list[Account]:
    return list(called(lambda http: provider.exchange(http, application, authorization, code)))


def test_it_is_what_it_says() -> None:
    assert isinstance(provider, Authorizable)
    assert isinstance(provider, Registers)


def test_a_code_becomes_the_account(application: Application) -> None:
    said = returned(application)
    assert said["state"] == GOING.state
    (account,) = exchange(application, said["code"])
    assert account.username.startswith("@person")
    assert account.expires_at is None


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (
            lambda going, application: (replace(going, code_verifier="w" * 43), application),
            "CREDENTIALS_REFUSED",
        ),
        (
            lambda going, application: (replace(going, redirect_uri=f"{BACK}/"), application),
            "CREDENTIALS_REFUSED",
        ),
        (
            lambda going, application: (going, replace(application, client_secret="wrong")),
            "APPLICATION_REFUSED",
        ),
        (
            lambda going, application: (going, replace(application, client_id="unknown")),
            "APPLICATION_REFUSED",
        ),
    ],
)
def test_a_code_goes_with_what_it_was_asked_with(
    application: Application,
    spoil: Callable[..., tuple[Authorization, Application]],
    code: str,
) -> None:
    going, shown = spoil(GOING, application)
    given = returned(application)["code"]
    with pytest.raises(Refused) as caught:
        exchange(shown, given, going)
    assert caught.value.code == code


def test_a_code_is_good_once(application: Application) -> None:
    code = returned(application)["code"]
    exchange(application, code)
    with pytest.raises(Refused) as caught:
        exchange(application, code)
    assert caught.value.code == "CREDENTIALS_REFUSED"
    assert caught.value.words.startswith("The provided authorization grant is invalid")


def test_less_than_was_asked_for(application: Application) -> None:
    code = returned(application, allow="read write:media")["code"]
    with pytest.raises(Refused) as caught:
        exchange(application, code)
    assert (caught.value.error_class, caught.value.code) == (
        ErrorClass.PERMISSION,
        "SCOPES_MISSING",
    )


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"deny": "1"}, "access_denied"),
        ({"scope": "admin:write"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_code_challenge_method"),
    ],
)
def test_what_the_consent_page_refuses(
    application: Application, changes: dict[str, str], error: str
) -> None:
    assert returned(application, **changes) == {"error": error, "state": GOING.state}


@pytest.mark.parametrize(
    "changes", [{"redirect_uri": "https://evil.example/"}, {"client_id": "nobody"}]
)
def test_where_it_sends_nobody_back(application: Application, changes: dict[str, str]) -> None:
    assert visit(application, **changes).status_code in {400, 401}


@pytest.mark.parametrize(
    "wrong",
    [{"client_name": ""}, {"redirect_uris": "nowhere"}, {"scopes": "everything"}],
)
def test_what_it_does_not_register(simulator: Simulator, wrong: dict[str, Any]) -> None:
    wish = {"client_name": "Luxaris", "redirect_uris": BACK, "scopes": "read", **wrong}
    answer = requests.post(f"{simulator.url}/mastodon/api/v1/apps", data=wish, timeout=5)
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("Validation failed: ")


def test_a_revoked_token_is_over(application: Application) -> None:
    (account,) = exchange(application, returned(application)["code"])
    credentials = {
        **account.credentials,
        "client_id": application.client_id,
        "client_secret": application.client_secret,
    }
    for _ in range(2):
        called(lambda http: provider.revoke(http, credentials))
    with pytest.raises(Refused) as caught:
        called(lambda http: provider.connect(http, account.credentials))
    assert caught.value.error_class is ErrorClass.AUTHENTICATION


def test_a_token_is_revoked_by_whom_it_was_given_to(
    application: Application, simulator: Simulator
) -> None:
    (account,) = exchange(application, returned(application)["code"])
    other = called(lambda http: provider.register(http, application.server, BACK))
    credentials = {
        **account.credentials,
        "client_id": other.client_id,
        "client_secret": other.client_secret,
    }
    with pytest.raises(Refused):
        called(lambda http: provider.revoke(http, credentials))
    assert called(lambda http: provider.connect(http, account.credentials))


def test_a_token_does_what_it_was_allowed_for(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = replace(OAUTH, scopes=("read:accounts",))
    code = returned(application, allow="read:accounts")["code"]
    monkeypatch.setattr(mastodon, "OAUTH", reading)
    (account,) = exchange(application, code)
    answer = requests.post(
        f"{application.server}/api/v1/statuses",
        data={"status": "hello"},
        headers={"Authorization": f"Bearer {account.credentials['access_token']}"},
        timeout=5,
    )
    assert answer.status_code == 403
