"""Registration with `browser: true`: the tokens are in cookies from the first answer on."""

from http.cookies import SimpleCookie
from typing import Any

import pytest

from tests.accounts import PASSWORD, root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql

DOORS = ["/auth/register", "/auth/signup", "/system/auth/register", "/system/auth/signup"]


def _register(api: Api, door: str, *, browser: Any = True, **headers: str) -> ApiAnswer:
    body = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada", "browser": browser}
    return api.request("POST", door, json=body, headers=headers)


def _cookies(answer: ApiAnswer) -> dict[str, str]:
    return {
        name: morsel.value
        for text in answer.set_cookies
        for name, morsel in SimpleCookie(text).items()
    }


@pytest.mark.parametrize("door", DOORS)
def test_the_tokens_are_in_cookies_and_nowhere_else(api: Api, door: str) -> None:
    answer = _register(api, door, origin="http://localhost:3000")
    assert answer.status == 201
    assert answer.json.keys() == {
        "csrf_token",
        "expires_in",
        "is_pending",
        "session_version",
        "user",
    }
    cookies = _cookies(answer)
    assert cookies.keys() == {"__Host-luxaris-access", "__Host-luxaris-refresh"}
    assert not [token for token in cookies.values() if token in answer.content.decode()]
    jar = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    assert api.request("GET", "/auth/me", headers=jar).json == answer.json["user"]
    assert api.request("POST", "/auth/logout", headers=jar).codes == ["CSRF_TOKEN_MISSING"]
    jar["x-csrf-token"] = answer.json["csrf_token"]
    assert api.request("POST", "/auth/logout", headers=jar).status == 200


def test_who_waits_for_approval_gets_cookies_that_do_not_work_yet(api: Api) -> None:
    owner = root(api)
    answer = _register(api, "/auth/signup")
    assert answer.json["is_pending"] is True
    access = _cookies(answer)["__Host-luxaris-access"]
    jar = {"cookie": f"__Host-luxaris-access={access}"}
    assert api.request("GET", "/auth/me", headers=jar).codes == ["ACCOUNT_PENDING_APPROVAL"]
    owner.api.post(f"/system/users/{answer.json['user']['id']}/approve")
    assert api.request("GET", "/auth/me", headers=jar).status == 200


@pytest.mark.parametrize("door", DOORS)
def test_nobody_is_registered_from_another_site(api: Api, door: str, sql: Sql) -> None:
    answer = _register(api, door, origin="https://evil.example")
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN_ORIGIN"])
    assert not answer.set_cookies
    assert sql("SELECT count(*) FROM users") == 0


def test_without_the_wish_there_are_tokens_and_no_cookie(api: Api) -> None:
    answer = _register(api, "/auth/register", browser=False, origin="https://elsewhere.example")
    assert answer.status == 201
    assert {"access_token", "refresh_token", "is_pending"} <= answer.json.keys()
    assert not answer.set_cookies
