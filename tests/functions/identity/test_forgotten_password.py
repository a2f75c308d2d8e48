"""POST /auth/forgot-password and /auth/reset-password."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine

from tests.accounts import PASSWORD, Account, approved_user, register
from tests.accounts import root as make_root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql
from tests.letters import letters, secret_in
from tests.simultaneously import simultaneously

NEW = "Another-Horse-2"


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


@pytest.fixture
def ada(api: Api, root: Account) -> Account:
    return approved_user(api, root, "ada@example.com")


def _forgot(api: Api, email: str, address: str = "192.0.2.1") -> ApiAnswer:
    return api.request("POST", "/auth/forgot-password", json={"email": email}, source_ip=address)


def _mailed(api: Api, account: Account) -> str:
    assert _forgot(api, account.email).status == 202
    return secret_in(letters("password_reset", to=account.email)[-1])


def _reset(api: Api, token: str, password: str = NEW, **more: Any) -> ApiAnswer:
    return api.post("/auth/reset-password", {"token": token, "new_password": password, **more})


def _login(api: Api, account: Account, password: str) -> ApiAnswer:
    return api.post("/auth/login", {"email": account.email, "password": password})


def _refused(answer: ApiAnswer) -> None:
    assert (answer.status, answer.codes) == (400, ["INVALID_RESET_TOKEN"])


def test_a_link_comes_by_mail_and_sets_a_new_password(api: Api, ada: Account) -> None:
    token = _mailed(api, ada)
    (letter,) = letters("password_reset")
    assert letter["parameters"]["name"] == "Ada"
    assert letter["parameters"]["minutes"] == 30
    answer = _reset(api, token)
    assert (answer.status, answer.json["sessions_revoked"]) == (200, 1)
    assert _login(api, ada, PASSWORD).codes == ["INVALID_CREDENTIALS"]
    assert _login(api, ada, NEW).status == 200
    assert letters("password_changed", to=ada.email)


def test_every_session_ends(api: Api, ada: Account, sql: Sql) -> None:
    other = _login(api, ada, PASSWORD).json
    assert _reset(api, _mailed(api, ada)).json["sessions_revoked"] == 2
    for token in (ada.token, other["access_token"]):
        answer = api.as_user(token).get("/auth/me")
        assert (answer.status, answer.codes) == (401, ["INVALID_TOKEN"])
    refreshed = api.post("/auth/refresh", {"refresh_token": other["refresh_token"]})
    assert refreshed.status == 401
    assert sql("SELECT count(*) FROM user_sessions WHERE end_kind = 'credentials'") == 2


def test_a_link_is_good_once_and_with_it_end_the_others(api: Api, ada: Account) -> None:
    older, newer = _mailed(api, ada), _mailed(api, ada)
    assert _reset(api, older).status == 200
    for token in (older, newer):
        _refused(_reset(api, token, "Third-Horse-3"))
    assert _login(api, ada, NEW).status == 200


def test_of_many_at_once_one_sets_the_password(api: Api, ada: Account) -> None:
    token = _mailed(api, ada)
    answers = simultaneously([partial(_reset, api, token, f"Horse-Number-{n}") for n in range(4)])
    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400]
    (right,) = [n for n, answer in enumerate(answers) if answer.status == 200]
    assert _login(api, ada, f"Horse-Number-{right}").status == 200


def test_a_weak_password_or_a_slip_does_not_use_the_link_up(api: Api, ada: Account) -> None:
    token = _mailed(api, ada)
    for answer, code in (
        (_reset(api, token, "ada"), "WEAK_PASSWORD"),
        (_reset(api, token, "Ada-Ada-1" * 2000), "WEAK_PASSWORD"),
        (_reset(api, token, new_password_confirm="Other-Horse-2"), "PASSWORD_MISMATCH"),
    ):
        assert (answer.status, answer.codes) == (400, [code])
    assert _reset(api, token, new_password_confirm=NEW).status == 200


def test_after_half_an_hour_the_link_is_worth_nothing(api: Api, ada: Account) -> None:
    token = _mailed(api, ada)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=30, seconds=1)):
        _refused(_reset(api, token))


@pytest.mark.parametrize("token", ["", "abc", "x" * 256, "\u0000"])
def test_a_wrong_secret_sets_nothing(api: Api, ada: Account, token: str) -> None:
    _refused(_reset(api, token))


def test_a_secret_for_another_purpose_sets_nothing(api: Api, ada: Account) -> None:
    _refused(_reset(api, secret_in(letters("welcome", to=ada.email)[0])))


def test_guessing_ends(api: Api, ada: Account) -> None:
    token = _mailed(api, ada)
    assert [_reset(api, f"guess {number}").status for number in range(5)] == [400] * 5
    assert (_reset(api, token).status, _reset(api, token).codes) == (429, ["TOO_MANY_ATTEMPTS"])


def test_the_answer_is_the_same_whoever_is_asked_for(api: Api, root: Account, sql: Sql) -> None:
    ada, disabled, rejected = approved_user(api, root), approved_user(api, root), register(api)
    root.api.post(f"/system/users/{disabled.user_id}/disable")
    root.api.post(f"/system/users/{rejected.user_id}/reject")
    emails = [ada.email, disabled.email, rejected.email, "nobody@example.com"]
    answers = [_forgot(api, email) for email in emails]
    assert {answer.status for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert [letter["to"] for letter in letters("password_reset")] == [ada.email]
    assert sql("SELECT count(*) FROM business_events WHERE name LIKE 'PASSWORD_RESET%'") == 1


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_an_account_may_be_asked_for_five_times(api: Api, ada: Account, email: str) -> None:
    statuses = [_forgot(api, email, f"192.0.2.{number}").status for number in range(6)]
    assert statuses == [202] * 5 + [429]


def test_an_address_may_ask_five_times(api: Api, ada: Account) -> None:
    statuses = [_forgot(api, f"guess{number}@example.com").status for number in range(6)]
    assert statuses == [202] * 5 + [429]
    assert _forgot(api, ada.email, "192.0.2.2").status == 202


def test_whoever_was_shut_out_since_does_not_come_back_by_it(
    api: Api, root: Account, ada: Account
) -> None:
    token = _mailed(api, ada)
    root.api.post(f"/system/users/{ada.user_id}/disable")
    _refused(_reset(api, token))
    root.api.post(f"/system/users/{ada.user_id}/enable")
    _refused(_reset(api, token))


def test_too_many_failed_logins_are_forgotten(api: Api, ada: Account) -> None:
    for number in range(45):
        api.request(
            "POST",
            "/auth/login",
            json={"email": ada.email, "password": "Wrong-Horse-1"},
            source_ip=f"198.18.0.{number}",
        )
    for _ in range(5):
        assert _login(api, ada, "Wrong-Horse-1").status == 401
    assert _login(api, ada, PASSWORD).status == 429
    assert _reset(api, _mailed(api, ada)).status == 200
    assert _login(api, ada, NEW).status == 200


def test_nothing_of_a_password_or_a_secret_is_told(api: Api, ada: Account, sql: Sql) -> None:
    token = _mailed(api, ada)
    _reset(api, token)
    told = sql("SELECT string_agg(details::text, ' ') FROM business_events")
    assert token not in told
    assert NEW not in told
    assert sql("SELECT count(*) FROM one_time_tokens WHERE token_hash = :token", token=token) == 0


def test_what_a_stranger_left_in_an_unverified_account_is_gone(
    api: Api, ada: Account, sql: Sql
) -> None:
    """They registered somebody else's address and waited; then its owner came."""
    sql(
        "INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name,"
        " transports, created_at)"
        " VALUES (gen_random_uuid(), :id, 'c', 'k', 0, 'mine', '{}', now())",
        id=ada.user_id,
    )
    token = _mailed(api, ada)
    sql("UPDATE users SET email_verified_at = now()")
    assert _reset(api, token).status == 200
    assert sql("SELECT count(*) FROM passkeys") == 1
    sql("UPDATE users SET email_verified_at = NULL")
    assert _reset(api, _mailed(api, ada), "Third-Horse-3").status == 200
    assert sql("SELECT count(*) FROM passkeys") == 0
