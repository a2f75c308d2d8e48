"""POST /auth/register."""

from functools import partial
from typing import Any

import pytest

from tests.accounts import PASSWORD, register, root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql
from tests.simultaneously import simultaneously

ADA = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada"}


def _register(api: Api, **changes: Any) -> ApiAnswer:
    return api.post("/auth/register", {**ADA, **changes})


def test_first_user_is_root_and_active(api: Api) -> None:
    answer = _register(api, timezone="Europe/Berlin", locale="de-AT")
    assert answer.status == 201
    assert answer.json["is_pending"] is False
    assert answer.json["expires_in"] == 15 * 60
    user = answer.json["user"]
    assert {**user, "id": 0, "permissions": 0, "organization": 0, "created_at": 0} == {
        "id": 0,
        "email": "ada@example.com",
        "email_verified": False,
        "name": "Ada",
        "avatar_url": None,
        "auth_method": "password",
        "status": "active",
        "is_root": True,
        "timezone": "Europe/Berlin",
        "locale": "de-AT",
        "roles": ["owner"],
        "permissions": 0,
        "organization": 0,
        "created_at": 0,
        "last_login_at": None,
    }
    assert user["created_at"].endswith("Z")
    assert {"posts:read", "users:approve"} <= set(user["permissions"])


def test_next_user_is_pending_with_tokens_and_an_own_organization(api: Api) -> None:
    first = _register(api).json["user"]
    answer = _register(api, email="bob@example.com", name="Bob")
    assert answer.status == 201
    assert answer.json["is_pending"] is True
    user = answer.json["user"]
    assert (user["status"], user["is_root"]) == ("pending_approval", False)
    assert user["organization"]["name"] == "Bob"
    assert user["organization"]["role"] == "owner"
    assert user["organization"]["id"] != first["organization"]["id"]
    assert "users:approve" not in user["permissions"]
    assert answer.json["access_token"]
    assert answer.json["refresh_token"]


def test_open_registration_lets_everybody_in(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRATION_MODE", "open")
    root(api)
    bob = register(api)
    me = bob.api.get("/auth/me")
    assert (me.status, me.json["status"], me.json["is_root"]) == (200, "active", False)


def test_registration_by_invitation_refuses_all_but_the_first(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRATION_MODE", "invite")
    root(api)
    answer = _register(api)
    assert (answer.status, answer.codes) == (403, ["REGISTRATION_CLOSED"])


@pytest.mark.parametrize(
    "email",
    ["ada@example.com", " ADA@Example.COM", "ａｄａ@example.com", "ada＠example.com"],  # noqa: RUF001
)
def test_one_account_for_each_address(api: Api, email: str) -> None:
    _register(api)
    answer = _register(api, email=email)
    assert (answer.status, answer.codes) == (409, ["EMAIL_ALREADY_REGISTERED"])


def test_a_deleted_account_frees_its_address_but_not_the_first_place(api: Api, sql: Sql) -> None:
    _register(api)
    sql("UPDATE users SET deleted_at = now()")
    answer = _register(api)
    assert answer.status == 201
    assert answer.json["user"]["is_root"] is False


def test_of_simultaneous_first_registrations_one_becomes_root(api: Api, sql: Sql) -> None:
    answers = simultaneously(
        [partial(_register, api, email=f"first{number}@example.com") for number in range(8)]
    )
    assert [answer.status for answer in answers] == [201] * 8
    assert sorted(answer.json["user"]["is_root"] for answer in answers) == [False] * 7 + [True]
    assert sql("SELECT count(*) FROM users WHERE is_root AND status = 'active'") == 1


def test_of_simultaneous_registrations_of_one_address_one_wins(api: Api) -> None:
    root(api)
    answers = simultaneously([partial(_register, api)] * 8)
    assert sorted(answer.status for answer in answers) == [201] + [409] * 5 + [429] * 2
    assert {code for answer in answers if answer.status == 409 for code in answer.codes} == {
        "EMAIL_ALREADY_REGISTERED"
    }


def test_all_problems_are_told_at_once(api: Api) -> None:
    answer = _register(api, password="ada", name="<b></b>", timezone="Mars/Olympus")
    assert answer.status == 400
    errors = {error["error_code"]: error for error in answer.json["errors"]}
    assert errors.keys() == {"VALIDATION_ERROR", "INVALID_TIMEZONE", "WEAK_PASSWORD"}
    assert errors["VALIDATION_ERROR"]["field"] == "name"
    assert errors["INVALID_TIMEZONE"]["field"] == "timezone"
    assert errors["WEAK_PASSWORD"]["field"] == "password"
    assert errors["WEAK_PASSWORD"]["meta"] == {
        "missing": ["min_length", "uppercase", "digit", "special", "no_email"]
    }


def test_ten_kilobytes_of_password_are_too_many(api: Api) -> None:
    answer = _register(api, password=PASSWORD * 700)
    assert (answer.status, answer.codes) == (400, ["WEAK_PASSWORD"])


@pytest.mark.parametrize("password", ["P<ss>w0rd!A", " Correct-Horse-1 ", "Pässwörter\u00001"])
def test_a_password_is_taken_verbatim(api: Api, password: str) -> None:
    assert _register(api, password=password).status == 201
    login = {"email": ADA["email"], "password": password}
    assert api.post("/auth/login", login).status == 200
    for other in (password.strip(), password.replace("<ss>", "")):
        if other != password:
            answer = api.post("/auth/login", {**login, "password": other})
            assert (answer.status, answer.codes) == (401, ["INVALID_CREDENTIALS"])


def test_a_name_loses_its_tags(api: Api) -> None:
    user = _register(api, name="<b>Ada</b> 5 < 6 & 7").json["user"]
    assert user["name"] == user["organization"]["name"] == "Ada 5 < 6 & 7"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "ada"}, "email"),
        ({"email": "Ada <ada@example.com>"}, "email"),
        ({"email": "ada@example.com\u0000"}, "email"),
        ({"email": "a" * 300 + "@example.com"}, "email"),
        ({"email": "\ud800@example.com"}, "email"),
        ({"email": 7}, "email"),
        ({"email": None}, "email"),
        ({"password": ["x"]}, "password"),
        ({"name": {}}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"locale": "not a locale"}, "locale"),
        ({"locale": "de\u0000"}, "locale"),
    ],
)
def test_wrong_values_name_their_field(api: Api, changes: dict[str, Any], field: str) -> None:
    answer = _register(api, **changes)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert answer.json["errors"][0]["field"] == field


def test_the_answer_to_a_bad_password_does_not_repeat_it(api: Api) -> None:
    answer = _register(api, password="a-secret-that-is-weak")
    assert b"a-secret-that-is-weak" not in answer.content
