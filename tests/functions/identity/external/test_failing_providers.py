"""Providers that are down, or do not do their part: told by meaning, never our fault."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from tests.accounts import Account
from tests.api import Api
from tests.functions.identity.external.browser import Browser
from tests.functions.identity.external.conftest import forget_providers
from tests.simulator.oidc import Issuer

Spoil = Callable[[], Response]
DISCOVERY = "/.well-known/openid-configuration"
DOWN = "OAUTH_PROVIDER_UNAVAILABLE"
ODD = "OAUTH_DISCOVERY_FAILED"
NOT_EXCHANGED = "OAUTH_TOKEN_EXCHANGE_FAILED"

_NONSENSE: list[tuple[Spoil, str]] = [
    (lambda: PlainTextResponse("oops", 500), "down"),
    (lambda: PlainTextResponse("busy", 503), "down"),
    (lambda: PlainTextResponse("slow down", 429), "down"),
    (lambda: PlainTextResponse("not here", 404), "odd"),
    (lambda: PlainTextResponse("<html>"), "odd"),
    (lambda: JSONResponse([]), "odd"),
    (lambda: JSONResponse(None), "odd"),
    (lambda: Response(b"[" * 100_000, media_type="application/json"), "odd"),
    (lambda: Response(b"\xff\xfe", media_type="application/json"), "odd"),
    (lambda: RedirectResponse("http://127.0.0.1:1/elsewhere", 302), "odd"),
    (lambda: RedirectResponse("http://127.0.0.1:1/elsewhere", 307), "odd"),
]
_IDS = ["500", "503", "429", "404", "html", "list", "null", "deep", "bytes", "302", "307"]
nonsense = pytest.mark.parametrize(("spoil", "fault"), _NONSENSE, ids=_IDS)


@pytest.fixture(autouse=True)
def _open(admitting: Account) -> None:
    """Whoever registers may start at once."""


@nonsense
def test_an_issuer_that_says_nothing_of_itself(
    api: Api, acme: Issuer, spoil: Spoil, fault: str
) -> None:
    acme.spoiled[DISCOVERY] = spoil
    answer = api.get("/auth/oauth/acme/authorize")
    expected = (503, [DOWN]) if fault == "down" else (502, [ODD])
    assert (answer.status, answer.codes) == expected


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://accounts.example.com"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": 7},
        {"authorization_endpoint": "/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://["},
        {"token_endpoint": None},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"token_endpoint_auth_methods_supported": ["private_key_jwt"]},
    ],
    ids=str,
)
def test_an_issuer_that_makes_no_sense(api: Api, acme: Issuer, told: dict[str, Any]) -> None:
    acme.metadata = told
    answer = api.get("/auth/oauth/acme/authorize")
    assert (answer.status, answer.codes) == (502, [ODD])


@nonsense
def test_a_token_endpoint_that_fails(
    browser: Browser, acme: Issuer, spoil: Spoil, fault: str
) -> None:
    acme.spoiled["/token"] = spoil
    said = browser.visit(browser.set_out())
    answer = browser.post("/auth/oauth/acme/callback", said)
    expected = (503, [DOWN]) if fault == "down" else (502, [NOT_EXCHANGED])
    assert (answer.status, answer.codes) == expected


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"error": "invalid_client"}, NOT_EXCHANGED),
        ({"error": 7}, NOT_EXCHANGED),
        ({"error": "invalid_grant"}, "INVALID_AUTHORIZATION_CODE"),
        ({}, "INVALID_ID_TOKEN"),
        ({"id_token": 7}, "INVALID_ID_TOKEN"),
        ({"access_token": "x", "token_type": "bearer"}, "INVALID_ID_TOKEN"),
        ({"id_token": "x", "expires_in": "soon"}, NOT_EXCHANGED),
        ({"id_token": "x", "expires_in": [7]}, NOT_EXCHANGED),
    ],
    ids=str,
)
def test_a_token_answer_that_has_none(
    browser: Browser, acme: Issuer, told: dict[str, Any], code: str
) -> None:
    acme.spoiled["/token"] = lambda: JSONResponse(told, 400 if "error" in told else 200)
    assert browser.travel() == {"error": code}


def test_a_client_secret_that_is_no_longer_right(browser: Browser, acme: Issuer) -> None:
    url = browser.set_out()
    acme.client_secret = "another"
    assert browser.come_back(browser.visit(url)) == {"error": NOT_EXCHANGED}


@nonsense
def test_keys_that_cannot_be_had(browser: Browser, acme: Issuer, spoil: Spoil, fault: str) -> None:
    acme.spoiled["/keys"] = spoil
    assert browser.travel() == {"error": DOWN if fault == "down" else ODD}


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"keys": None},
        {"keys": []},
        {"keys": [7]},
        {"keys": ["x"]},
        {"keys": [{}]},
        {"keys": [{"kty": "RSA"}]},
        {"keys": [{"kty": "RSA", "n": "x", "e": 7}]},
        {"keys": [{"kty": "lattice"}]},
    ],
    ids=str,
)
def test_keys_that_are_none(browser: Browser, acme: Issuer, keys: dict[str, Any]) -> None:
    acme.spoiled["/keys"] = lambda: JSONResponse(keys)
    assert browser.travel() == {"error": ODD}


@nonsense
def test_a_userinfo_that_fails(browser: Browser, acme: Issuer, spoil: Spoil, fault: str) -> None:
    acme.only_userinfo = True
    acme.spoiled["/userinfo"] = spoil
    assert browser.travel() == {"error": DOWN if fault == "down" else ODD}


def test_a_provider_that_is_not_there(
    api: Api, acme: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OIDC_ACME_ISSUER", "http://127.0.0.1:1")
    forget_providers()
    started = time.monotonic()
    answer = api.get("/auth/oauth/acme/authorize")
    assert (answer.status, answer.codes) == (503, [DOWN])
    assert time.monotonic() - started < 5


def test_no_transaction_waits_for_a_provider(
    browser: Browser, acme: Issuer, sql: Callable[..., Any]
) -> None:
    seen = []

    def look() -> Response:
        seen.append(
            sql(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND state LIKE 'idle in transaction%'"
            )
        )
        return PlainTextResponse("enough", 500)

    said = browser.visit(browser.set_out())
    acme.spoiled["/token"] = look
    browser.come_back(said)
    assert seen == [0]


def test_what_an_issuer_says_of_itself_is_kept(browser: Browser, acme: Issuer) -> None:
    for _ in range(3):
        assert browser.sign_in().status == 200
    assert (acme.told[DISCOVERY], acme.told["/keys"], acme.told["/token"]) == (1, 1, 3)
