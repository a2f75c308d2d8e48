"""POST /auth/refresh: a refresh token is good once."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.accounts import Account, approved_user, register, root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql
from tests.simultaneously import simultaneously


def _refresh(api: Api, token: str) -> ApiAnswer:
    return api.post("/auth/refresh", {"refresh_token": token})


def _assert_refused(answer: ApiAnswer) -> None:
    assert (answer.status, answer.codes) == (401, ["INVALID_TOKEN"])


@pytest.fixture
def ada(api: Api) -> Account:
    return approved_user(api, root(api), "ada@example.com")


def test_a_refresh_answers_a_new_pair(api: Api, ada: Account) -> None:
    answer = _refresh(api, ada.refresh_token)
    assert answer.status == 200
    assert answer.json.keys() == {"access_token", "refresh_token", "expires_in"}
    assert answer.json["refresh_token"] != ada.refresh_token
    assert api.as_user(answer.json["access_token"]).get("/auth/me").json["email"] == ada.email
    assert ada.api.get("/auth/me").status == 200
    assert _refresh(api, answer.json["refresh_token"]).status == 200


def test_a_reused_refresh_token_ends_the_session_and_no_other(api: Api, ada: Account) -> None:
    other = api.post("/auth/login", {"email": ada.email, "password": "Correct-Horse-1"}).json
    newer = _refresh(api, ada.refresh_token).json
    assert api.as_user(newer["access_token"]).get("/auth/me").status == 200
    _assert_refused(_refresh(api, ada.refresh_token))
    _assert_refused(_refresh(api, newer["refresh_token"]))
    _assert_refused(api.as_user(newer["access_token"]).get("/auth/me"))
    _assert_refused(ada.api.get("/auth/me"))
    assert api.as_user(other["access_token"]).get("/auth/me").status == 200
    assert _refresh(api, other["refresh_token"]).status == 200


def test_of_simultaneous_refreshes_exactly_one_wins(api: Api, ada: Account) -> None:
    answers = simultaneously([partial(_refresh, api, ada.refresh_token)] * 6)
    assert sorted(answer.status for answer in answers) == [200] + [401] * 5
    pair = next(answer.json for answer in answers if answer.status == 200)
    _assert_refused(_refresh(api, pair["refresh_token"]))
    _assert_refused(api.as_user(pair["access_token"]).get("/auth/me"))


def test_a_pending_user_keeps_the_token_until_approved(api: Api) -> None:
    owner, bob = root(api), register(api)
    answer = _refresh(api, bob.refresh_token)
    assert (answer.status, answer.codes) == (403, ["ACCOUNT_PENDING_APPROVAL"])
    owner.api.post(f"/system/users/{bob.user_id}/approve")
    assert _refresh(api, bob.refresh_token).status == 200


def test_a_disabled_user_gets_no_new_pair(api: Api, ada: Account, sql: Sql) -> None:
    sql("UPDATE users SET status = 'disabled' WHERE id = :id", id=ada.user_id)
    answer = _refresh(api, ada.refresh_token)
    assert (answer.status, answer.codes) == (403, ["ACCOUNT_DISABLED"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE user_sessions SET expires_at = now() WHERE user_id = :id",
        "UPDATE user_sessions SET ended_at = now() WHERE user_id = :id",
        "UPDATE users SET deleted_at = now() WHERE id = :id",
        "DELETE FROM user_sessions WHERE user_id = :id",
    ],
)
def test_a_session_that_is_over_is_not_refreshed(
    api: Api, ada: Account, sql: Sql, statement: str
) -> None:
    sql(statement, id=ada.user_id)
    _assert_refused(_refresh(api, ada.refresh_token))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda ada: ada.token,
        lambda ada: ada.refresh_token.rpartition(".")[0] + ".forged",
        lambda ada: "no token",
    ],
    ids=["access token", "tampered", "nonsense"],
)
def test_what_is_no_refresh_token_is_refused(
    api: Api, ada: Account, spoil: Callable[[Account], str]
) -> None:
    _assert_refused(_refresh(api, spoil(ada)))
    assert _refresh(api, ada.refresh_token).status == 200


def test_a_refresh_extends_the_session(api: Api, ada: Account, sql: Sql) -> None:
    sql(
        "UPDATE user_sessions"
        " SET expires_at = now() + interval '1 hour', last_seen_at = '2020-01-01'"
    )
    _refresh(api, ada.refresh_token)
    assert sql(
        "SELECT expires_at > now() + interval '6 days 23 hours'"
        " AND last_seen_at > now() - interval '1 minute'"
        " FROM user_sessions WHERE user_id = :id",
        id=ada.user_id,
    )


def _refresh_eleven_times(api: Api, token: str) -> ApiAnswer:
    for _ in range(10):
        answer = _refresh(api, token)
        assert answer.status == 200
        token = answer.json["refresh_token"]
    return _refresh(api, token)


def test_ten_refreshes_in_fifteen_minutes_are_enough(api: Api, ada: Account) -> None:
    answer = _refresh_eleven_times(api, ada.refresh_token)
    assert (answer.status, answer.codes) == (429, ["TOO_MANY_ATTEMPTS"])
    assert 14 * 60 < int(answer.headers["retry-after"]) <= 15 * 60


def test_ten_refreshes_are_enough_without_a_cache_too(
    api: Api, ada: Account, no_cache: None
) -> None:
    answer = _refresh_eleven_times(api, ada.refresh_token)
    assert (answer.status, answer.codes) == (429, ["TOO_MANY_ATTEMPTS"])


def test_the_database_keeps_no_token(api: Api, ada: Account, sql: Sql) -> None:
    kept = sql("SELECT user_sessions::text FROM user_sessions WHERE user_id = :id", id=ada.user_id)
    assert str(ada.user_id) in kept
    assert ada.refresh_token not in kept
    assert ada.refresh_token.split(".")[1] not in kept
