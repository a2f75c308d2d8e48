"""POST /auth/login: nothing about an account without its password."""

import pytest

from tests.accounts import PASSWORD, Account, approved_user, register, root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql


def _login(api: Api, email: str, password: str = PASSWORD) -> ApiAnswer:
    return api.post("/auth/login", {"email": email, "password": password})


@pytest.fixture
def ada(api: Api) -> Account:
    return approved_user(api, root(api), "ada@example.com")


def test_login_answers_a_new_session(api: Api, ada: Account) -> None:
    answer = _login(api, "Ada@Example.com")
    assert answer.status == 200
    assert answer.json.keys() == {
        "user",
        "access_token",
        "refresh_token",
        "expires_in",
        "session_version",
    }
    assert answer.json["user"]["last_login_at"].endswith("Z")
    assert answer.json["access_token"] != ada.token
    me = api.as_user(answer.json["access_token"]).get("/auth/me")
    assert me.json == answer.json["user"]


def test_me_is_not_stale_after_a_login(api: Api, ada: Account) -> None:
    assert ada.api.get("/auth/me").json["last_login_at"] is None
    _login(api, ada.email)
    assert ada.api.get("/auth/me").json["last_login_at"] is not None


def test_wrong_password_and_unknown_address_answer_alike(api: Api, ada: Account) -> None:
    wrong, unknown = _login(api, ada.email, "Wrong-Horse-1"), _login(api, "nobody@example.com")
    assert wrong.status == unknown.status == 401
    assert wrong.json["errors"] == unknown.json["errors"]
    assert wrong.codes == ["INVALID_CREDENTIALS"]


def test_status_is_told_only_with_the_right_password(api: Api, ada: Account, sql: Sql) -> None:
    pending = register(api)
    sql("UPDATE users SET status = 'disabled' WHERE id = :id", id=ada.user_id)
    for email, code in (
        (pending.email, "ACCOUNT_PENDING_APPROVAL"),
        (ada.email, "ACCOUNT_DISABLED"),
    ):
        right, wrong = _login(api, email), _login(api, email, "Wrong-Horse-1")
        assert (right.status, right.codes) == (403, [code])
        assert (wrong.status, wrong.codes) == (401, ["INVALID_CREDENTIALS"])


def test_a_user_without_a_password_or_deleted_cannot_log_in(
    api: Api, ada: Account, sql: Sql
) -> None:
    deleted = register(api)
    sql("UPDATE users SET deleted_at = now() WHERE id = :id", id=deleted.user_id)
    sql("UPDATE users SET password_hash = NULL WHERE id = :id", id=ada.user_id)
    for email in (ada.email, deleted.email):
        answer = _login(api, email)
        assert (answer.status, answer.codes) == (401, ["INVALID_CREDENTIALS"])


def test_a_hash_of_other_parameters_is_made_anew(api: Api, ada: Account, sql: Sql) -> None:
    from argon2 import PasswordHasher

    stale = PasswordHasher(time_cost=2, memory_cost=32, parallelism=1).hash(PASSWORD)
    sql("UPDATE users SET password_hash = :hash WHERE id = :id", hash=stale, id=ada.user_id)
    assert _login(api, ada.email).status == 200
    made = sql("SELECT password_hash FROM users WHERE id = :id", id=ada.user_id)
    assert made.startswith("$argon2id$v=19$m=64,t=1,p=4$")
    assert _login(api, ada.email).status == 200
    assert sql("SELECT password_hash FROM users WHERE id = :id", id=ada.user_id) == made


def test_the_session_remembers_the_device(api: Api, ada: Account, sql: Sql) -> None:
    api.request(
        "POST",
        "/auth/login",
        json={"email": ada.email, "password": PASSWORD},
        headers={"user-agent": "Browser " + "x" * 400, "x-forwarded-for": "203.0.113.9"},
    )
    address, agent = sql(
        "SELECT ARRAY[address, user_agent] FROM user_sessions WHERE user_id = :id"
        " ORDER BY created_at DESC LIMIT 1",
        id=ada.user_id,
    )
    assert address == "127.0.0.1"
    assert agent == ("Browser " + "x" * 400)[:255]


def test_ten_kilobytes_of_password_are_just_wrong(api: Api, ada: Account) -> None:
    answer = _login(api, ada.email, "x" * 10_240)
    assert (answer.status, answer.codes) == (401, ["INVALID_CREDENTIALS"])
