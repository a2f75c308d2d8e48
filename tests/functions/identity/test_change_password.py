"""POST /auth/change-password."""

from functools import partial
from typing import Any

import pytest

from tests.accounts import PASSWORD, Account, approved_user
from tests.accounts import root as make_root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql
from tests.letters import letters, secret_in
from tests.simultaneously import simultaneously

NEW = "Another-Horse-2"


@pytest.fixture
def ada(api: Api) -> Account:
    return approved_user(api, make_root(api), "ada@example.com")


def _change(account: Account, **changes: Any) -> ApiAnswer:
    body = {"current_password": PASSWORD, "new_password": NEW, **changes}
    return account.api.post("/auth/change-password", body)


def _login(api: Api, password: str) -> ApiAnswer:
    return api.post("/auth/login", {"email": "ada@example.com", "password": password})


def test_the_new_password_counts_and_other_sessions_end(api: Api, ada: Account, sql: Sql) -> None:
    other = api.as_user(_login(api, PASSWORD).json["access_token"])
    answer = _change(ada, new_password_confirm=NEW)
    assert answer.status == 200
    assert answer.json["sessions_revoked"] == 1
    assert answer.json["password_changed_at"].endswith("Z")
    assert ada.api.get("/auth/me").status == 200
    assert other.get("/auth/me").codes == ["INVALID_TOKEN"]
    assert (_login(api, PASSWORD).status, _login(api, NEW).status) == (401, 200)
    assert letters("password_changed", to=ada.email)
    assert sql("SELECT count(*) FROM business_events WHERE name = 'PASSWORD_CHANGED'") == 1


def test_this_session_ends_too_where_that_is_wanted(api: Api, ada: Account) -> None:
    answer = _change(ada, revoke_all_sessions=True)
    assert (answer.status, answer.json["sessions_revoked"]) == (200, 1)
    assert ada.api.get("/auth/me").codes == ["INVALID_TOKEN"]


def test_a_browser_forgets_its_cookies_with_it(api: Api, ada: Account) -> None:
    credentials = {"email": ada.email, "password": PASSWORD, "browser": True}
    opened = api.post("/auth/login", credentials)
    cookie = opened.set_cookies[0].partition(";")[0]
    answer = api.request(
        "POST",
        "/auth/change-password",
        json={"current_password": PASSWORD, "new_password": NEW, "revoke_all_sessions": True},
        headers={"cookie": cookie, "x-csrf-token": opened.json["csrf_token"]},
    )
    assert answer.status == 200
    assert len([each for each in answer.set_cookies if "Max-Age=0" in each]) == 2


@pytest.mark.parametrize("wrong", ["Wrong-Horse-1", PASSWORD + " ", "x" * 10_000])
def test_without_the_current_password_nothing_changes(api: Api, ada: Account, wrong: str) -> None:
    answer = _change(ada, current_password=wrong)
    assert (answer.status, answer.codes) == (401, ["INVALID_CURRENT_PASSWORD"])
    assert answer.json["errors"][0]["field"] == "current_password"
    assert _login(api, PASSWORD).status == 200


def test_a_thief_with_a_session_does_not_guess_for_long(ada: Account) -> None:
    guesses = [_change(ada, current_password=f"Guess-Horse-{n}") for n in range(5)]
    assert [guess.status for guess in guesses] == [401] * 5
    remaining = [guess.json["errors"][0]["meta"]["attempts_remaining"] for guess in guesses]
    assert remaining == [4, 3, 2, 1, 0]
    answer = _change(ada)
    assert (answer.status, answer.codes) == (429, ["TOO_MANY_ATTEMPTS"])
    assert 14 * 60 < int(answer.headers["retry-after"]) <= 15 * 60


def test_who_remembers_in_time_has_all_attempts_again(ada: Account) -> None:
    for n in range(4):
        _change(ada, current_password=f"Guess-Horse-{n}")
    assert _change(ada).status == 200
    answer = _change(ada, current_password=PASSWORD, new_password="Third-Horse-3")
    assert answer.json["errors"][0]["meta"] == {"attempts_remaining": 4}


@pytest.mark.usefixtures("no_cache")
def test_they_are_counted_without_a_cache_too(ada: Account) -> None:
    answer = _change(ada, current_password="Wrong-Horse-1")
    assert answer.json["errors"][0]["meta"] == {"attempts_remaining": 4}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"new_password": "ada"}, ["WEAK_PASSWORD"]),
        ({"new_password": "My-ada-Horse-1"}, ["WEAK_PASSWORD"]),
        ({"new_password": PASSWORD}, ["PASSWORD_RECENTLY_USED"]),
        (
            {"new_password": "x", "current_password": "x"},
            ["WEAK_PASSWORD", "PASSWORD_RECENTLY_USED"],
        ),
        ({"new_password_confirm": "Other-Horse-2"}, ["PASSWORD_MISMATCH"]),
        ({"current_password": ""}, ["VALIDATION_ERROR"]),
        ({"current_password": None}, ["VALIDATION_ERROR"]),
    ],
)
def test_all_that_is_wrong_is_told(ada: Account, changes: dict[str, Any], codes: list[str]) -> None:
    answer = _change(ada, **changes)
    assert (answer.status, answer.codes) == (400, codes)


def test_of_many_at_once_with_the_old_password_one_wins(api: Api, ada: Account) -> None:
    answers = simultaneously(
        [partial(_change, ada, new_password=f"Horse-Number-{n}") for n in range(4)]
    )
    assert sorted(answer.status for answer in answers) == [200, 401, 401, 401]
    (right,) = [n for n, answer in enumerate(answers) if answer.status == 200]
    assert _login(api, f"Horse-Number-{right}").status == 200


def test_a_link_sent_before_is_worth_nothing_after(api: Api, ada: Account) -> None:
    api.post("/auth/forgot-password", {"email": ada.email})
    token = secret_in(letters("password_reset")[0])
    _change(ada)
    answer = api.post("/auth/reset-password", {"token": token, "new_password": "Third-Horse-3"})
    assert (answer.status, answer.codes) == (400, ["INVALID_RESET_TOKEN"])


def test_it_takes_a_session(api: Api) -> None:
    answer = api.post("/auth/change-password", {"current_password": "a", "new_password": "b"})
    assert (answer.status, answer.codes) == (401, ["UNAUTHORIZED"])
