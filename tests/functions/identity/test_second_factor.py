"""Setting up an authenticator app, its recovery codes, and giving it up."""

from functools import partial
from typing import Any

import pytest

from tests.accounts import PASSWORD, Account, approved_user, root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql
from tests.functions.identity.second_factor import App, begin_totp, confirm, enable_totp, log_in
from tests.simultaneously import simultaneously

pytestmark = pytest.mark.usefixtures("midway")


@pytest.fixture
def ada(api: Api) -> Account:
    return approved_user(api, root(api), "ada@example.com")


def _status(account: Account) -> Any:
    answer = account.api.get("/auth/second-factor")
    assert answer.status == 200, answer.content
    return answer.json


def _disable(account: Account, **shown: str) -> ApiAnswer:
    return account.api.post("/auth/second-factor/totp/disable", shown)


def _renew(account: Account, **shown: str) -> ApiAnswer:
    return account.api.post("/auth/second-factor/recovery-codes", shown)


def _age_session(sql: Sql, account: Account) -> None:
    sql(
        "UPDATE user_sessions SET created_at = created_at - interval '11 minutes'"
        " WHERE user_id = :id",
        id=account.user_id,
    )


def _told(sql: Sql, account: Account) -> list[str]:
    names: list[str] = sql(
        "SELECT coalesce(array_agg(name ORDER BY occurred_at), '{}') FROM business_events"
        " WHERE subject_id = :id AND name <> 'USER_LOGIN'",
        id=account.user_id,
    )
    return names


def test_nothing_is_enabled_at_first(ada: Account) -> None:
    assert _status(ada) == {
        "enabled": False,
        "enabled_at": None,
        "recovery_codes_left": 0,
        "passkeys": 0,
    }


def test_beginning_shows_a_secret_and_changes_nothing(api: Api, ada: Account) -> None:
    answer = ada.api.post("/auth/second-factor/totp")
    assert answer.status == 200
    assert len(answer.json["secret"]) == 32
    assert answer.json["otpauth_uri"].startswith("otpauth://totp/Luxaris:ada%40example.com?")
    assert _status(ada)["enabled"] is False
    assert "access_token" in log_in(api, ada.email).json


def test_a_code_enables_it_and_answers_ten_recovery_codes(ada: Account, sql: Sql) -> None:
    _, codes = enable_totp(ada)
    assert len(set(codes)) == 10
    assert {len(code) for code in codes} == {19}
    own = _status(ada)
    assert (own["enabled"], own["recovery_codes_left"]) == (True, 10)
    assert own["enabled_at"].endswith("Z")
    assert _told(sql, ada)[-1] == "SECOND_FACTOR_ENABLED"


def test_a_wrong_code_enables_nothing(ada: Account) -> None:
    app = begin_totp(ada)
    answer = confirm(ada, app.wrong_code())
    assert (answer.status, answer.codes) == (401, ["INVALID_CODE"])
    assert _status(ada)["enabled"] is False
    assert confirm(ada, app.code()).status == 200


def test_beginning_anew_makes_the_first_secret_worth_nothing(ada: Account) -> None:
    first, second = begin_totp(ada), begin_totp(ada)
    assert confirm(ada, first.code()).codes == ["INVALID_CODE"]
    assert confirm(ada, second.code()).status == 200


def test_what_is_enabled_is_neither_begun_nor_confirmed_again(ada: Account) -> None:
    app, _ = enable_totp(ada)
    for answer in (ada.api.post("/auth/second-factor/totp"), confirm(ada, app.code(steps=1))):
        assert (answer.status, answer.codes) == (409, ["SECOND_FACTOR_ALREADY_ENABLED"])


def test_nothing_begun_is_not_confirmed(ada: Account) -> None:
    answer = confirm(ada, "123456")
    assert (answer.status, answer.codes) == (409, ["SECOND_FACTOR_NOT_BEGUN"])


def test_of_simultaneous_confirmations_one_wins(ada: Account) -> None:
    app = begin_totp(ada)
    answers = simultaneously([partial(confirm, ada, app.code())] * 4)
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    assert _status(ada)["recovery_codes_left"] == 10


def test_an_old_session_needs_the_password_too(ada: Account, sql: Sql) -> None:
    _age_session(sql, ada)
    answer = ada.api.post("/auth/second-factor/totp", {})
    assert (answer.status, answer.codes) == (403, ["FRESH_PROOF_NEEDED"])
    answer = ada.api.post("/auth/second-factor/totp", {"password": "Wrong-Horse-1"})
    assert (answer.status, answer.codes) == (401, ["INVALID_CURRENT_PASSWORD"])
    assert ada.api.post("/auth/second-factor/totp", {"password": PASSWORD}).status == 200


def test_who_has_no_password_knows_none(ada: Account, sql: Sql) -> None:
    sql("UPDATE users SET password_hash = NULL WHERE id = :id", id=ada.user_id)
    answer = ada.api.post("/auth/second-factor/totp", {"password": PASSWORD})
    assert (answer.status, answer.codes) == (401, ["INVALID_CURRENT_PASSWORD"])
    assert ada.api.post("/auth/second-factor/totp").status == 200


def test_the_database_keeps_neither_secret_nor_codes(ada: Account, sql: Sql) -> None:
    app, codes = enable_totp(ada)
    kept = sql("SELECT array_agg(t::text)::text FROM totp_secrets t")
    assert str(ada.user_id) in kept
    assert app.secret not in kept
    assert app.secret.encode().hex() not in kept
    hashes = sql("SELECT array_agg(t::text)::text FROM recovery_codes t")
    assert str(ada.user_id) in hashes
    assert not [code for code in codes if code in hashes or code.replace("-", "") in hashes]


@pytest.mark.parametrize("shown", ["password", "code", "recovery_code"])
def test_any_proof_disables_it(api: Api, ada: Account, sql: Sql, shown: str) -> None:
    app, codes = enable_totp(ada)
    proof = {"password": PASSWORD, "code": app.code(steps=1), "recovery_code": codes[0]}[shown]
    assert _disable(ada, **{shown: proof}).status == 204
    assert _status(ada)["enabled"] is False
    assert sql("SELECT count(*) FROM recovery_codes") == 0
    assert _told(sql, ada)[-1] == "SECOND_FACTOR_DISABLED"
    assert "access_token" in log_in(api, ada.email).json


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        ({"password": "Wrong-Horse-1"}, "INVALID_CURRENT_PASSWORD"),
        ({"code": "1234567"}, "INVALID_CODE"),
        ({"recovery_code": "aaaa-aaaa-aaaa-aaaa"}, "INVALID_CODE"),
    ],
)
def test_a_wrong_proof_disables_nothing(ada: Account, shown: dict[str, str], code: str) -> None:
    enable_totp(ada)
    answer = _disable(ada, **shown)
    assert (answer.status, answer.codes) == (401, [code])
    assert _status(ada)["enabled"] is True


def test_what_is_not_there_is_neither_disabled_nor_renewed(ada: Account) -> None:
    for answer in (_disable(ada, password=PASSWORD), _renew(ada, code="123456")):
        assert (answer.status, answer.codes) == (404, ["SECOND_FACTOR_NOT_FOUND"])


def test_a_secret_never_confirmed_is_forgotten_in_silence(ada: Account, sql: Sql) -> None:
    app = begin_totp(ada)
    assert _disable(ada, code=app.code()).codes == ["INVALID_CODE"]
    assert _disable(ada, password=PASSWORD).status == 204
    assert sql("SELECT count(*) FROM totp_secrets") == 0
    assert "SECOND_FACTOR_DISABLED" not in _told(sql, ada)


def test_it_can_be_enabled_again(ada: Account) -> None:
    enable_totp(ada)
    _disable(ada, password=PASSWORD)
    enable_totp(ada)
    assert _status(ada)["enabled"] is True


def test_renewed_recovery_codes_replace_the_old_ones(ada: Account, sql: Sql) -> None:
    app, old = enable_totp(ada)
    answer = _renew(ada, code=app.code(steps=1))
    assert answer.status == 200
    new = answer.json["recovery_codes"]
    assert len(set(new) - set(old)) == 10
    assert _told(sql, ada)[-1] == "RECOVERY_CODES_RENEWED"
    assert _renew(ada, recovery_code=old[0]).codes == ["INVALID_CODE"]
    assert _renew(ada, recovery_code=new[0]).status == 200
    assert _status(ada)["recovery_codes_left"] == 10


def test_what_is_shown_once_is_kept_by_nobody(ada: Account) -> None:
    begun = ada.api.post("/auth/second-factor/totp")
    app = App(begun.json["secret"])
    confirmed = confirm(ada, app.code())
    renewed = _renew(ada, code=app.code(steps=1))
    for answer in (begun, confirmed, renewed):
        assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")


def test_five_proofs_in_fifteen_minutes_are_enough(ada: Account) -> None:
    app, _ = enable_totp(ada)
    for _ in range(4):
        assert _renew(ada, code=app.wrong_code()).status == 401
    assert _disable(ada, password="Wrong-Horse-1").status == 401
    for answer in (_renew(ada, code=app.code(steps=1)), _disable(ada, password=PASSWORD)):
        assert (answer.status, answer.codes) == (429, ["TOO_MANY_ATTEMPTS"])
        assert 0 < int(answer.headers["retry-after"]) <= 15 * 60


def test_a_right_proof_begins_to_count_anew(ada: Account) -> None:
    app = begin_totp(ada)
    for _ in range(4):
        confirm(ada, app.wrong_code())
    assert confirm(ada, app.code()).status == 200
    assert _renew(ada, code=app.wrong_code()).status == 401


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/auth/second-factor/recovery-codes", ["code", "recovery_code"]),
        ("/auth/second-factor/totp/disable", ["code", "recovery_code", "password"]),
    ],
)
def test_exactly_one_proof_is_sent(ada: Account, path: str, fields: list[str]) -> None:
    for body in ({}, dict.fromkeys(fields, "123456"), dict.fromkeys(fields[:2], "123456")):
        answer = ada.api.post(path, body)
        assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])


@pytest.mark.parametrize("value", [None, 7, True, [], {}, "", "x" * 1_000], ids=repr)
def test_what_is_no_code_is_refused(ada: Account, value: Any) -> None:
    begin_totp(ada)
    answer = ada.api.post("/auth/second-factor/totp/confirm", {"code": value})
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])


@pytest.mark.parametrize(
    "code",
    [
        "\uff11\uff12\uff13\uff14\uff15\uff16",
        "12345",
        "1234567",
        "-12345",
        "\ud800",
        "\u0661\u0662\u0663\u0664\u0665\u0666",
    ],
)
def test_what_is_almost_a_code_is_a_wrong_one(ada: Account, code: str) -> None:
    begin_totp(ada)
    assert confirm(ada, code).status in {400, 401}
    assert _status(ada)["enabled"] is False
