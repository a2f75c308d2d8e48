"""ID tokens that prove nothing, and one that does in spite of its oddities."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.accounts import Account
from tests.functions.identity.external.browser import Browser
from tests.functions.identity.external.conftest import ADA
from tests.simulator.oidc import Issuer
from tests.simulator.oidc_keys import (
    signed_by_public_key,
    signed_by_stranger,
    unsigned,
)

REFUSED_TOKEN = {"error": "INVALID_ID_TOKEN"}
DEEP = f"{'W1tb' * 20_000}.e30.e30"
"""A header that is a list of lists of lists."""


@pytest.fixture(autouse=True)
def _open(admitting: Account) -> None:
    """Whoever registers may start at once."""


@pytest.mark.parametrize("sign", [unsigned, signed_by_public_key, signed_by_stranger])
def test_a_signature_that_proves_nothing(
    browser: Browser, acme: Issuer, sign: Callable[..., str]
) -> None:
    acme.sign = sign
    assert browser.travel() == REFUSED_TOKEN


@pytest.mark.parametrize("word", ["none", "HS256"])
def test_not_even_where_the_issuer_offers_it(browser: Browser, acme: Issuer, word: str) -> None:
    acme.metadata["id_token_signing_alg_values_supported"] = [word]
    acme.sign = unsigned if word == "none" else signed_by_public_key
    assert browser.travel() == REFUSED_TOKEN


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ""},
        {"aud": "another"},
        {"aud": None},
        {"aud": []},
        {"aud": ["another"]},
        {"aud": ["luxaris", "another"]},
        {"azp": "another"},
        {"iss": "https://accounts.example.com"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": None},
        {"iat": 4_102_444_800},
        {"nbf": 4_102_444_800},
        {"at_hash": "another"},
        {"at_hash": 7},
    ],
    ids=str,
)
def test_an_id_token_that_is_not_for_us_or_not_for_now(
    browser: Browser, acme: Issuer, lies: dict[str, Any]
) -> None:
    acme.lies = lies
    assert browser.travel() == REFUSED_TOKEN


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b.c", DEEP, "x" * 200_000, "e30.e30.e30", "é.é.é"],
    ids=lambda t: t[:20],
)
def test_an_id_token_that_is_none(browser: Browser, acme: Issuer, token: str) -> None:
    acme.sign = lambda _claims, _key: token
    assert browser.travel() == REFUSED_TOKEN


def test_a_userinfo_of_somebody_else(browser: Browser, acme: Issuer) -> None:
    acme.only_userinfo = True
    acme.lies = {"sub": "eve"}
    assert browser.travel() == REFUSED_TOKEN


def test_a_good_token_after_all(browser: Browser, acme: Issuer) -> None:
    """With a clock that is a little off, and one more audience that the issuer vouches for."""
    now = int(time.time())
    acme.lies = {"iat": now + 30, "exp": now - 30, "aud": ["luxaris", "other"], "azp": "luxaris"}
    acme.person = {**ADA, "email_verified": "true"}
    assert browser.travel().keys() == {"code"}
