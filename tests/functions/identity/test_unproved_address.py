"""Whoever has not shown that the address is theirs prepares no further way in."""

from typing import Any

import pytest

from tests.accounts import Account, approved_user, prove_address, root
from tests.api import Api
from tests.functions.identity.conftest import Sql
from tests.functions.identity.passkeys import add_passkey
from tests.functions.identity.second_factor import enable_totp
from tests.letters import letters, secret_in

pytestmark = pytest.mark.usefixtures("midway")

KEY = {"name": "Import", "scopes": ["posts:read"]}
NEW = "Another-Horse-2"


@pytest.fixture
def chief(api: Api) -> Account:
    return root(api)


@pytest.fixture
def stranger(api: Api, chief: Account) -> Account:
    """Somebody with another's address."""
    return approved_user(api, chief, "ada@example.com", is_verified=False)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api-keys", KEY, 201),
        ("/auth/passkeys/registration/options", {}, 200),
        ("/auth/second-factor/totp", {}, 200),
    ],
)
def test_the_address_is_proved_first(stranger: Account, path: str, body: Any, status: int) -> None:
    refused = stranger.api.post(path, body)
    assert (refused.status, refused.codes) == (403, ["EMAIL_NOT_VERIFIED"])
    prove_address(stranger)
    assert stranger.api.post(path, body).status == status


def test_a_click_on_the_link_of_the_mail_is_the_proof(api: Api, stranger: Account) -> None:
    token = secret_in(letters("welcome", to=stranger.email)[0])
    assert api.post("/auth/verify-email", {"token": token}).status == 200
    assert stranger.api.post("/api-keys", KEY).status == 201


def test_root_need_not_prove_the_first_address_and_keeps_what_they_have(
    api: Api, chief: Account, sql: Sql
) -> None:
    """Nobody was there before root, and mail may not be set up yet."""
    key = chief.api.post("/api-keys", KEY).json["data"]["key"]
    enable_totp(chief)
    add_passkey(chief)
    api.post("/auth/forgot-password", {"email": chief.email})
    token = secret_in(letters("password_reset", to=chief.email)[0])
    reset = api.post("/auth/reset-password", {"token": token, "new_password": NEW})
    assert reset.status == 200
    login = api.post("/auth/login", {"email": chief.email, "password": NEW})
    assert login.json["second_factor_required"] is True
    assert sql("SELECT count(*) FROM passkeys") == 1
    assert api.as_user(key).get("/posts").status == 200


def test_a_reset_leaves_the_second_factor_of_a_proved_account(
    api: Api, chief: Account, sql: Sql
) -> None:
    """Who reads the mails and nothing else does not get in."""
    ada = approved_user(api, chief)
    enable_totp(ada)
    api.post("/auth/forgot-password", {"email": ada.email})
    token = secret_in(letters("password_reset", to=ada.email)[0])
    reset = api.post("/auth/reset-password", {"token": token, "new_password": NEW})
    assert reset.status == 200
    login = api.post("/auth/login", {"email": ada.email, "password": NEW})
    assert login.json["second_factor_required"] is True
