"""POST /auth/login/second-factor: the step after the password."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.accounts import Account, approved_user, root
from tests.api import Api
from tests.functions.identity.conftest import Sql
from tests.functions.identity.second_factor import (
    App,
    challenge_of,
    enable_totp,
    log_in,
    show,
)
from tests.simultaneously import simultaneously

pytestmark = pytest.mark.usefixtures("midway")


@pytest.fixture
def owner(api: Api) -> Account:
    return root(api)


@pytest.fixture
def ada(api: Api, owner: Account) -> Account:
    return approved_user(api, owner, "ada@example.com")


@pytest.fixture
def app(ada: Account) -> App:
    return enable_totp(ada)[0]


def _forget_limit(account: Account) -> None:
    from shared.identity.adapters.attempt_limits import attempt_limits
    from shared.identity.domain.attempts import PROOF_BY_ACCOUNT

    attempt_limits().forget(PROOF_BY_ACCOUNT.by(account.user_id))


def test_the_password_alone_opens_nothing(api: Api, ada: Account, app: App, sql: Sql) -> None:
    answer = log_in(api, ada.email)
    assert answer.status == 200
    assert answer.json == {
        "second_factor_required": True,
        "challenge": answer.json["challenge"],
        "methods": ["totp", "recovery_code"],
        "expires_in": 300,
    }
    assert "set-cookie" not in answer.headers
    assert sql("SELECT count(*) FROM user_sessions WHERE user_id = :id", id=ada.user_id) == 1
    assert sql("SELECT last_login_at FROM users WHERE id = :id", id=ada.user_id) is None


def test_a_code_opens_the_session(api: Api, ada: Account, app: App, sql: Sql) -> None:
    answer = show(api, challenge_of(api, ada.email), code=app.code(steps=1))
    assert answer.status == 200
    assert answer.json["user"]["last_login_at"].endswith("Z")
    me = api.as_user(answer.json["access_token"]).get("/auth/me")
    assert me.json == answer.json["user"]
    details = sql(
        "SELECT details FROM business_events WHERE name = 'USER_LOGIN' AND subject_id = :id",
        id=ada.user_id,
    )
    assert details["method"] == "second_factor"


def test_a_wrong_password_is_refused_as_ever(api: Api, ada: Account, app: App) -> None:
    answer = api.post("/auth/login", {"email": ada.email, "password": "Wrong-Horse-1"})
    assert (answer.status, answer.codes) == (401, ["INVALID_CREDENTIALS"])


def test_no_code_works_twice(api: Api, ada: Account, app: App) -> None:
    code = app.code(steps=1)
    assert show(api, challenge_of(api, ada.email), code=code).status == 200
    answer = show(api, challenge_of(api, ada.email), code=code)
    assert (answer.status, answer.codes) == (401, ["INVALID_CODE"])


def test_an_older_code_is_no_good_after_a_newer_one(api: Api, ada: Account, app: App) -> None:
    """The code of this step enabled the second factor, so it is used up, as is all before it."""
    for steps in (0, -1):
        answer = show(api, challenge_of(api, ada.email), code=app.code(steps=steps))
        assert answer.codes == ["INVALID_CODE"]


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
def test_one_step_before_and_after_is_near_enough(
    api: Api, ada: Account, app: App, sql: Sql, steps: int, status: int
) -> None:
    sql("UPDATE totp_secrets SET last_step = NULL")
    assert show(api, challenge_of(api, ada.email), code=app.code(steps=steps)).status == status


def test_of_simultaneous_sign_ins_with_one_code_one_wins(api: Api, ada: Account, app: App) -> None:
    challenges = [challenge_of(api, ada.email) for _ in range(4)]
    code = app.code(steps=1)
    answers = simultaneously([partial(show, api, each, code=code) for each in challenges])
    assert sorted(answer.status for answer in answers) == [200, 401, 401, 401]


def test_of_simultaneous_answers_to_one_challenge_one_wins(api: Api, ada: Account) -> None:
    _, codes = enable_totp(ada)
    challenge = challenge_of(api, ada.email)
    answers = simultaneously(
        [partial(show, api, challenge, recovery_code=code) for code in codes[:4]]
    )
    assert sorted(answer.status for answer in answers) == [200, 401, 401, 401]
    assert ada.api.get("/auth/second-factor").json["recovery_codes_left"] == 9


def test_a_recovery_code_works_once(api: Api, ada: Account, sql: Sql) -> None:
    _, codes = enable_totp(ada)
    assert show(api, challenge_of(api, ada.email), recovery_code=codes[0]).status == 200
    answer = show(api, challenge_of(api, ada.email), recovery_code=codes[0])
    assert (answer.status, answer.codes) == (401, ["INVALID_CODE"])
    assert ada.api.get("/auth/second-factor").json["recovery_codes_left"] == 9
    assert sql("SELECT count(*) FROM business_events WHERE name = 'RECOVERY_CODE_USED'") == 1


def test_of_simultaneous_uses_of_a_recovery_code_one_wins(api: Api, ada: Account) -> None:
    _, codes = enable_totp(ada)
    challenges = [challenge_of(api, ada.email) for _ in range(4)]
    answers = simultaneously(
        [partial(show, api, each, recovery_code=codes[0]) for each in challenges]
    )
    assert sorted(answer.status for answer in answers) == [200, 401, 401, 401]


@pytest.mark.parametrize(
    "typed",
    [str.upper, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "],
    ids=["upper case", "no hyphens", "spaces"],
)
def test_a_recovery_code_may_be_typed_as_one_likes(
    api: Api, ada: Account, typed: Callable[[str], str]
) -> None:
    _, codes = enable_totp(ada)
    assert show(api, challenge_of(api, ada.email), recovery_code=typed(codes[3])).status == 200


def test_without_recovery_codes_only_the_app_is_left(api: Api, ada: Account, sql: Sql) -> None:
    enable_totp(ada)
    sql("UPDATE recovery_codes SET used_at = now()")
    assert log_in(api, ada.email).json["methods"] == ["totp"]


def test_another_persons_codes_are_wrong(api: Api, owner: Account, ada: Account, app: App) -> None:
    bob_app, bob_codes = enable_totp(approved_user(api, owner, "bob@example.com"))
    challenge = challenge_of(api, ada.email)
    assert show(api, challenge, code=bob_app.code(steps=1)).codes == ["INVALID_CODE"]
    assert show(api, challenge, recovery_code=bob_codes[0]).codes == ["INVALID_CODE"]
    assert show(api, challenge, code=app.code(steps=1)).status == 200


def test_a_challenge_is_good_for_one_session(api: Api, ada: Account) -> None:
    app, codes = enable_totp(ada)
    challenge = challenge_of(api, ada.email)
    assert show(api, challenge, code=app.code(steps=1)).status == 200
    answer = show(api, challenge, recovery_code=codes[0])
    assert (answer.status, answer.codes) == (401, ["INVALID_CHALLENGE"])
    assert ada.api.get("/auth/second-factor").json["recovery_codes_left"] == 10


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE one_time_tokens SET expires_at = now() - interval '1 minute'",
        "UPDATE one_time_tokens SET purpose = 'password_reset'",
        "UPDATE users SET password_changed_at = now() + interval '1 second'",
        "UPDATE users SET deleted_at = now()",
    ],
)
def test_a_challenge_that_is_over(
    api: Api, ada: Account, app: App, sql: Sql, statement: str
) -> None:
    challenge = challenge_of(api, ada.email)
    sql(statement)
    answer = show(api, challenge, code=app.code(steps=1))
    assert (answer.status, answer.codes) == (401, ["INVALID_CHALLENGE"])


@pytest.mark.parametrize("challenge", ["x", "é" * 50, "../..", "a\x00b"])
def test_a_challenge_that_never_was(api: Api, challenge: str) -> None:
    answer = show(api, challenge, code="123456")
    assert (answer.status, answer.codes) == (401, ["INVALID_CHALLENGE"])


def test_five_wrong_codes_end_a_challenge(api: Api, ada: Account, app: App, sql: Sql) -> None:
    challenge = challenge_of(api, ada.email)
    for _ in range(5):
        assert show(api, challenge, code=app.wrong_code()).codes == ["INVALID_CODE"]
    _forget_limit(ada)
    assert show(api, challenge, code=app.code(steps=1)).codes == ["INVALID_CHALLENGE"]
    assert show(api, challenge_of(api, ada.email), code=app.code(steps=1)).status == 200
    assert sql("SELECT count(*) FROM business_events WHERE name = 'USER_LOGIN_FAILED'") == 5


def test_wrong_codes_count_for_the_account(api: Api, ada: Account, app: App) -> None:
    for _ in range(5):
        assert show(api, challenge_of(api, ada.email), code=app.wrong_code()).status == 401
    answer = show(api, challenge_of(api, ada.email), code=app.code(steps=1))
    assert (answer.status, answer.codes) == (429, ["TOO_MANY_ATTEMPTS"])


def test_guesses_all_at_once_are_five_too(api: Api, ada: Account, app: App) -> None:
    challenges = [challenge_of(api, ada.email) for _ in range(8)]
    answers = simultaneously(
        [partial(show, api, each, code=app.wrong_code()) for each in challenges]
    )
    assert sorted(answer.status for answer in answers) == [401] * 5 + [429] * 3


def test_a_right_code_forgets_the_wrong_ones(api: Api, ada: Account) -> None:
    app, codes = enable_totp(ada)
    for _ in range(4):
        show(api, challenge_of(api, ada.email), code=app.wrong_code())
    assert show(api, challenge_of(api, ada.email), code=app.code(steps=1)).status == 200
    assert show(api, challenge_of(api, ada.email), code=app.wrong_code()).status == 401
    assert show(api, challenge_of(api, ada.email), recovery_code=codes[0]).status == 200


def test_an_account_disabled_meanwhile_stays_closed(
    api: Api, ada: Account, app: App, sql: Sql
) -> None:
    challenge = challenge_of(api, ada.email)
    sql("UPDATE users SET status = 'disabled' WHERE id = :id", id=ada.user_id)
    answer = show(api, challenge, code=app.code(steps=1))
    assert (answer.status, answer.codes) == (403, ["ACCOUNT_DISABLED"])


def test_a_browser_gets_cookies_and_no_tokens(api: Api, ada: Account, app: App) -> None:
    first = api.post(
        "/auth/login", {"email": ada.email, "password": "Correct-Horse-1", "browser": True}
    )
    answer = show(api, first.json["challenge"], code=app.code(steps=1))
    assert answer.status == 200
    assert {"csrf_token", "user"} <= answer.json.keys()
    assert not {"access_token", "refresh_token"} & answer.json.keys()
    assert "__Host-" in answer.headers["set-cookie"]


def test_another_site_cannot_finish_a_sign_in(api: Api, ada: Account, app: App) -> None:
    body = {"challenge": challenge_of(api, ada.email), "code": app.code(steps=1)}
    answer = api.request(
        "POST",
        "/auth/login/second-factor",
        json=body,
        headers={"origin": "https://evil.example"},
    )
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN_ORIGIN"])
    assert api.post("/auth/login/second-factor", body).status == 200


def test_the_challenge_is_kept_as_a_hash(api: Api, ada: Account, app: App, sql: Sql) -> None:
    challenge = challenge_of(api, ada.email)
    kept = sql("SELECT array_agg(t::text)::text FROM one_time_tokens t")
    assert "second_factor" in kept
    assert challenge not in kept
