"""/auth/sessions and POST /auth/logout-all: where one is signed in, and how to end that."""

from functools import partial
from uuid import UUID, uuid4

import pytest

from tests.accounts import PASSWORD, Account, approved_user, root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql
from tests.simultaneously import simultaneously


@pytest.fixture
def owner(api: Api) -> Account:
    return root(api)


@pytest.fixture
def ada(api: Api, owner: Account) -> Account:
    return approved_user(api, owner, "ada@example.com")


def _login(api: Api, account: Account, agent: str = "Browser") -> ApiAnswer:
    answer = api.request(
        "POST",
        "/auth/login",
        json={"email": account.email, "password": PASSWORD},
        headers={"user-agent": agent},
        source_ip="192.0.2.7",
    )
    assert answer.status == 200, answer.content
    return answer


def _assert_refused(answer: ApiAnswer, code: str = "INVALID_TOKEN") -> None:
    assert (answer.status, answer.codes) == (401, [code])


def _current(caller: Api) -> str:
    listed = caller.get("/auth/sessions").json["data"]
    (current,) = [session["id"] for session in listed if session["current"]]
    return str(current)


def test_the_list_shows_device_address_and_which_one_asks(api: Api, ada: Account) -> None:
    _login(api, ada, "Phone")
    answer = ada.api.get("/auth/sessions")
    assert answer.status == 200
    assert answer.json["meta"] == {"limit": 50, "offset": 0, "total": 2}
    latest, first = answer.json["data"]
    assert (latest["device"], latest["address"], latest["current"]) == ("Phone", "192.0.2.7", False)
    assert (first["address"], first["current"]) == ("127.0.0.1", True)
    assert first["created_at"] < latest["created_at"] <= latest["last_seen_at"]
    assert "token" not in answer.content.decode()


def test_the_list_has_pages(api: Api, ada: Account) -> None:
    _login(api, ada)
    answer = ada.api.get("/auth/sessions", limit=1, offset=1)
    assert answer.json["meta"] == {"limit": 1, "offset": 1, "total": 2}
    assert [session["current"] for session in answer.json["data"]] == [True]


def test_the_list_leaves_out_what_is_over_and_what_is_not_ones_own(
    api: Api, ada: Account, owner: Account, sql: Sql
) -> None:
    expired, ended = _login(api, ada), _login(api, ada)
    api.as_user(ended.json["access_token"]).post("/auth/logout")
    sql(
        "UPDATE user_sessions SET expires_at = now() WHERE id = :id",
        id=UUID(_current(api.as_user(expired.json["access_token"]))),
    )
    assert [session["current"] for session in ada.api.get("/auth/sessions").json["data"]] == [True]
    assert owner.api.get("/auth/sessions").json["meta"]["total"] == 1


def test_ending_another_session_of_ones_own(api: Api, ada: Account) -> None:
    other = _login(api, ada).json
    caller = api.as_user(other["access_token"])
    assert caller.get("/auth/me").status == 200
    assert ada.api.delete(f"/auth/sessions/{_current(caller)}").status == 204
    _assert_refused(caller.get("/auth/me"))
    _assert_refused(api.post("/auth/refresh", {"refresh_token": other["refresh_token"]}))
    assert ada.api.get("/auth/me").status == 200


def test_ending_the_session_one_is_in(ada: Account) -> None:
    assert ada.api.delete(f"/auth/sessions/{_current(ada.api)}").status == 204
    _assert_refused(ada.api.get("/auth/me"))


def test_nobody_ends_a_session_of_somebody_else(api: Api, ada: Account, owner: Account) -> None:
    answer = owner.api.delete(f"/auth/sessions/{_current(ada.api)}")
    assert (answer.status, answer.codes) == (403, ["SESSION_ACCESS_DENIED"])
    assert ada.api.get("/auth/me").status == 200


@pytest.mark.parametrize("session_id", [str(uuid4()), "x", "0"])
def test_a_session_there_is_not_is_not_ended(ada: Account, session_id: str) -> None:
    answer = ada.api.delete(f"/auth/sessions/{session_id}")
    assert (answer.status, answer.codes) == (404, ["SESSION_NOT_FOUND"])


def test_a_session_is_ended_once(api: Api, ada: Account) -> None:
    other = _current(api.as_user(_login(api, ada).json["access_token"]))
    answers = simultaneously([partial(ada.api.delete, f"/auth/sessions/{other}")] * 4)
    assert sorted(answer.status for answer in answers) == [204, 404, 404, 404]


def test_ending_the_others_keeps_this_one(api: Api, ada: Account, owner: Account) -> None:
    others = [_login(api, ada).json["access_token"] for _ in range(3)]
    answer = ada.api.delete("/auth/sessions")
    assert (answer.status, answer.json) == (
        200,
        {"message": "Logged out everywhere else", "sessions_revoked": 3},
    )
    for token in others:
        _assert_refused(api.as_user(token).get("/auth/me"))
    assert ada.api.get("/auth/me").status == 200
    assert owner.api.get("/auth/me").status == 200


def test_logging_out_everywhere_keeps_none(api: Api, ada: Account, owner: Account) -> None:
    other = _login(api, ada).json
    answer = ada.api.post("/auth/logout-all")
    assert (answer.status, answer.json["sessions_revoked"]) == (200, 2)
    _assert_refused(ada.api.get("/auth/me"))
    _assert_refused(api.as_user(other["access_token"]).get("/auth/me"))
    _assert_refused(api.post("/auth/refresh", {"refresh_token": other["refresh_token"]}))
    assert owner.api.get("/auth/me").status == 200
    assert _login(api, ada).status == 200


def test_logging_out_may_end_all_sessions(api: Api, ada: Account) -> None:
    other = api.as_user(_login(api, ada).json["access_token"])
    third = api.as_user(_login(api, ada).json["access_token"])
    one = third.post("/auth/logout", {"revoke_all_sessions": False})
    assert (one.status, one.json["sessions_revoked"]) == (200, 1)
    assert other.get("/auth/me").status == 200
    every = ada.api.post("/auth/logout", {"revoke_all_sessions": True})
    assert (every.status, every.json["sessions_revoked"]) == (200, 2)
    _assert_refused(other.get("/auth/me"))
    _assert_refused(ada.api.get("/auth/me"))


def test_sessions_are_numbered(api: Api, ada: Account) -> None:
    assert [_login(api, ada).json["session_version"] for _ in range(3)] == [2, 3, 4]


def test_the_version_of_another_session_is_refused(api: Api, ada: Account) -> None:
    login = _login(api, ada).json
    caller = api.as_user(login["access_token"])
    for _ in range(2):  # cold and warm
        for version, status in ((str(login["session_version"]), 200), ("1", 401)):
            answer = caller.request("GET", "/auth/me", headers={"x-session-version": version})
            assert answer.status == status
    _assert_refused(answer, "SESSION_KICKED")
    assert caller.get("/auth/me").status == 200


@pytest.mark.parametrize("version", ["x", "", "-1", "1.0", "\u0662"])
def test_a_version_that_is_no_number_is_no_sign_in_elsewhere(ada: Account, version: str) -> None:
    answer = ada.api.request("GET", "/auth/me", headers={"x-session-version": version})
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert answer.json["errors"][0]["field"] == "X-Session-Version"


@pytest.fixture
def single(ada: Account, sql: Sql) -> None:
    sql(
        "UPDATE organizations SET session_policy = 'single' WHERE id = :id",
        id=ada.organization_id,
    )


@pytest.mark.usefixtures("single")
def test_where_one_session_is_allowed_a_login_ends_the_older_ones(
    api: Api, ada: Account, owner: Account
) -> None:
    assert ada.api.get("/auth/me").status == 200
    newer = _login(api, ada).json
    for headers in ({}, {"x-session-version": "1"}, {"x-session-version": "2"}):
        _assert_refused(ada.api.request("GET", "/auth/me", headers=headers), "SESSION_KICKED")
    refreshed = api.post("/auth/refresh", {"refresh_token": ada.refresh_token})
    _assert_refused(refreshed, "SESSION_KICKED")
    assert api.as_user(newer["access_token"]).get("/auth/me").status == 200
    assert owner.api.get("/auth/me").status == 200


@pytest.mark.usefixtures("single")
def test_of_logins_at_once_one_session_stays(api: Api, ada: Account) -> None:
    answers = simultaneously([partial(_login, api, ada)] * 6)
    statuses = [
        api.as_user(answer.json["access_token"]).get("/auth/me").status for answer in answers
    ]
    assert sorted(statuses) == [200] + [401] * 5


@pytest.mark.usefixtures("single")
def test_without_a_cache_a_kicked_session_is_told_so_too(
    api: Api, ada: Account, no_cache: None
) -> None:
    _login(api, ada)
    _assert_refused(ada.api.get("/auth/me"), "SESSION_KICKED")


def test_a_login_sweeps_away_what_has_expired_of_ones_own(
    api: Api, ada: Account, owner: Account, sql: Sql
) -> None:
    sql("UPDATE user_sessions SET expires_at = now() - interval '1 second'")
    _login(api, ada)
    left = "SELECT count(*) FROM user_sessions WHERE user_id = :id"
    assert (sql(left, id=ada.user_id), sql(left, id=owner.user_id)) == (1, 1)


def test_last_seen_is_written_now_and_then(ada: Account, sql: Sql) -> None:
    seen = "SELECT last_seen_at FROM user_sessions WHERE user_id = :id"
    at_login = sql(seen, id=ada.user_id)
    for _ in range(3):
        ada.api.get("/auth/me")
    assert sql(seen, id=ada.user_id) == at_login
    long_ago = "SET last_seen_at = now() - interval '5 minutes' WHERE user_id = :id"
    sql(f"UPDATE user_sessions {long_ago}", id=ada.user_id)
    ada.api.post("/auth/refresh", {"refresh_token": ada.refresh_token})
    assert sql(seen, id=ada.user_id) > at_login


def test_a_session_the_cache_does_not_know_is_seen(ada: Account, no_cache: None, sql: Sql) -> None:
    sql("UPDATE user_sessions SET last_seen_at = now() - interval '5 minutes'")
    ada.api.get("/auth/me")
    assert sql(
        "SELECT last_seen_at > now() - interval '1 minute' FROM user_sessions WHERE user_id = :id",
        id=ada.user_id,
    )


def test_what_happens_to_sessions_is_told(api: Api, ada: Account, sql: Sql) -> None:
    second = _login(api, ada).json
    api.post("/auth/login", {"email": ada.email, "password": "Wrong-Horse-1"})
    api.post("/auth/refresh", {"refresh_token": second["refresh_token"]})
    api.as_user(second["access_token"]).post("/auth/logout")
    _login(api, ada)
    ada.api.delete("/auth/sessions")
    told = sql(
        "SELECT array_agg(name ORDER BY occurred_at, id) FROM business_events"
        " WHERE organization_id = :id AND name IN ('USER_LOGIN', 'USER_LOGIN_FAILED',"
        " 'TOKEN_REFRESHED', 'USER_LOGOUT', 'SESSION_REVOKED')",
        id=ada.organization_id,
    )
    assert told == [
        "USER_LOGIN",
        "USER_LOGIN_FAILED",
        "TOKEN_REFRESHED",
        "USER_LOGOUT",
        "USER_LOGIN",
        "SESSION_REVOKED",
    ]


@pytest.mark.usefixtures("single")
def test_a_kick_is_told(api: Api, ada: Account, sql: Sql) -> None:
    older = _current(ada.api)
    _login(api, ada)
    assert sql(
        "SELECT name FROM business_events WHERE subject_id = :id AND name = 'SESSION_KICKED'",
        id=UUID(older),
    )


def test_the_second_door_leads_to_the_same_sessions(api: Api, ada: Account) -> None:
    phone = _current(api.as_user(_login(api, ada, "Phone").json["access_token"]))
    listed = ada.api.get("/system/auth/sessions")
    assert listed.json == ada.api.get("/auth/sessions").json
    assert phone in [each["id"] for each in listed.json["data"]]
    assert ada.api.delete(f"/system/auth/sessions/{phone}").status == 204
    assert ada.api.delete(f"/system/auth/sessions/{phone}").codes == ["SESSION_NOT_FOUND"]
    _login(api, ada)
    assert ada.api.delete("/system/auth/sessions").json["sessions_revoked"] == 1
    assert len(ada.api.get("/auth/sessions").json["data"]) == 1
