"""Five failures at one account from one address, fifty at either; with and without a cache."""

from functools import partial

import pytest

from tests.accounts import PASSWORD, Account, approved_user, root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql
from tests.simultaneously import simultaneously

WRONG = "Wrong-Horse-1"


def _login(api: Api, email: str, password: str = PASSWORD, address: str = "192.0.2.1") -> ApiAnswer:
    return api.request(
        "POST",
        "/auth/login",
        json={"email": email, "password": password},
        source_ip=address,
    )


@pytest.fixture
def ada(api: Api) -> Account:
    return approved_user(api, root(api), "ada@example.com")


def _assert_too_many(answer: ApiAnswer, limit: int = 5) -> None:
    assert (answer.status, answer.codes) == (429, ["TOO_MANY_ATTEMPTS"])
    assert 14 * 60 < int(answer.headers["retry-after"]) <= 15 * 60
    assert answer.headers["ratelimit-reset"] == answer.headers["retry-after"]
    assert answer.headers["ratelimit-limit"] == str(limit)
    assert answer.headers["ratelimit-remaining"] == "0"


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_an_account_is_closed_to_an_address_after_five_failures(
    api: Api, ada: Account, email: str
) -> None:
    for _ in range(5):
        assert _login(api, email, WRONG).status == 401
    _assert_too_many(_login(api, email, PASSWORD))


def test_a_stranger_locks_nobody_out(api: Api, ada: Account) -> None:
    for number in range(5):
        assert _login(api, ada.email, WRONG, f"192.0.2.{number}").status == 401
    assert _login(api, ada.email, PASSWORD, "192.0.2.99").status == 200


def test_five_failures_close_an_address_to_nobody_else(api: Api, ada: Account) -> None:
    for _ in range(6):
        _login(api, "bob@example.com", WRONG)
    assert _login(api, ada.email).status == 200


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_an_account_is_closed_after_fifty_failures_from_anywhere(
    api: Api, ada: Account, email: str
) -> None:
    for number in range(50):
        assert _login(api, email, WRONG, f"192.0.2.{number}").status == 401
    _assert_too_many(_login(api, email, PASSWORD, "192.0.2.99"), 50)


def test_an_address_is_closed_after_fifty_failures_at_any_account(api: Api, ada: Account) -> None:
    for number in range(50):
        assert _login(api, f"guess{number}@example.com", WRONG).status == 401
    _assert_too_many(_login(api, ada.email), 50)
    assert _login(api, ada.email, address="192.0.2.2").status == 200


def test_a_subscriber_of_ipv6_is_one_address(api: Api, ada: Account) -> None:
    for number in range(5):
        assert _login(api, ada.email, WRONG, f"2001:db8:1:2::{number}").status == 401
    _assert_too_many(_login(api, ada.email, address="2001:db8:1:2:3::"))
    assert _login(api, ada.email, address="2001:db8:1:3::").status == 200


def test_a_login_forgets_the_accounts_failures_but_not_the_addresses(
    api: Api, ada: Account
) -> None:
    for number in range(46):
        _login(api, f"guess{number}@example.com", WRONG)
    for _ in range(3):
        _login(api, ada.email, WRONG)
    assert _login(api, ada.email).status == 200
    assert _login(api, ada.email, WRONG).status == 401
    _assert_too_many(_login(api, ada.email), 50)
    for _ in range(4):
        assert _login(api, ada.email, WRONG, "192.0.2.2").status == 401
    assert _login(api, ada.email, address="192.0.2.2").status == 200


def test_guesses_all_at_once_learn_no_more_than_one_by_one(api: Api, ada: Account) -> None:
    answers = simultaneously([partial(_login, api, ada.email, WRONG)] * 10)
    assert sorted(answer.status for answer in answers) == [401] * 5 + [429] * 5


def test_many_right_logins_at_once_are_no_failures(api: Api, ada: Account) -> None:
    answers = simultaneously([partial(_login, api, ada.email)] * 8)
    assert [answer.status for answer in answers] == [200] * 8


def test_failures_are_counted_while_the_cache_is_down(
    api: Api, ada: Account, no_cache: None, sql: Sql
) -> None:
    for _ in range(5):
        assert _login(api, ada.email, WRONG).status == 401
    _assert_too_many(_login(api, ada.email))
    sql("UPDATE limit_counters SET expires_at = now() - interval '1 second'")
    assert _login(api, ada.email, WRONG, "192.0.2.1").status == 401
    assert _login(api, ada.email, PASSWORD, "192.0.2.1").status == 200


def test_without_a_cache_guesses_at_once_are_counted_too(
    api: Api, ada: Account, no_cache: None
) -> None:
    answers = simultaneously([partial(_login, api, ada.email, WRONG)] * 10)
    assert sorted(answer.status for answer in answers) == [401] * 5 + [429] * 5
