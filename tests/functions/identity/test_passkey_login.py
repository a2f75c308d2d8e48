"""POST /auth/passkeys/login: in with a passkey and nothing else."""

from functools import partial
from typing import Any

import pytest

from tests.accounts import Account, approved_user, register, root
from tests.api import Api, ApiAnswer
from tests.authenticator import Authenticator, encoded
from tests.functions.identity.conftest import Sql
from tests.functions.identity.passkeys import add_passkey, log_in, request_options
from tests.functions.identity.second_factor import enable_totp
from tests.simultaneously import simultaneously


@pytest.fixture
def owner(api: Api) -> Account:
    return root(api)


@pytest.fixture
def ada(api: Api, owner: Account) -> Account:
    return approved_user(api, owner, "ada@example.com")


@pytest.fixture
def device(ada: Account) -> Authenticator:
    return add_passkey(ada)[0]


def _sign_in(api: Api, device: Authenticator) -> ApiAnswer:
    return log_in(api, device.sign(request_options(api)))


def _assert_refused(answer: ApiAnswer) -> None:
    assert (answer.status, answer.codes) == (401, ["INVALID_PASSKEY"])


def test_options_name_no_account(api: Api, device: Authenticator) -> None:
    options = request_options(api)
    assert options.keys() <= {
        "challenge",
        "timeout",
        "rpId",
        "allowCredentials",
        "userVerification",
    }
    assert options["rpId"] == "localhost"
    assert options.get("allowCredentials", []) == []
    assert options["userVerification"] == "required"


def test_a_passkey_opens_a_session(api: Api, ada: Account, device: Authenticator, sql: Sql) -> None:
    answer = _sign_in(api, device)
    assert answer.status == 200
    assert api.as_user(answer.json["access_token"]).get("/auth/me").json == answer.json["user"]
    assert answer.json["user"]["email"] == ada.email
    [passkey] = ada.api.get("/auth/passkeys").json["data"]
    assert passkey["last_used_at"].endswith("Z")
    details = sql(
        "SELECT details FROM business_events WHERE name = 'USER_LOGIN' AND subject_id = :id",
        id=ada.user_id,
    )
    assert details["method"] == "passkey"


def test_no_second_factor_is_asked_for(api: Api, ada: Account, device: Authenticator) -> None:
    enable_totp(ada)
    assert "access_token" in _sign_in(api, device).json


def test_a_browser_gets_cookies_and_no_tokens(api: Api, device: Authenticator) -> None:
    answer = log_in(api, device.sign(request_options(api)), browser=True)
    assert answer.status == 200
    assert not {"access_token", "refresh_token"} & answer.json.keys()
    assert "__Host-" in answer.headers["set-cookie"]


def test_another_site_gets_no_cookies(api: Api, device: Authenticator) -> None:
    answer = api.request(
        "POST",
        "/auth/passkeys/login",
        json={"credential": device.sign(request_options(api)), "browser": True},
        headers={"origin": "https://evil.example"},
    )
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN_ORIGIN"])


DEVIATIONS: dict[str, dict[str, Any]] = {
    "origin": {"origin": "https://evil.example"},
    "rp id": {"rp_id": "evil.example"},
    "user not verified": {"verifies": False},
    "user not present": {"is_present": False},
    "type": {"client_data": {"type": "webauthn.create"}},
    "challenge": {"client_data": {"challenge": encoded(bytes(32))}},
    "in another site's frame": {"client_data": {"crossOrigin": True}},
    "unknown credential": {"credential_id": b"unknown"},
    "unknown user": {"user_handle": bytes(16)},
    "user handle that is none": {"user_handle": b"Ada"},
    "sign count going back": {"step": -5},
    "sign count standing still": {"step": 0},
}


@pytest.mark.parametrize("deviation", DEVIATIONS.values(), ids=DEVIATIONS)
def test_what_is_not_as_it_must_be_is_refused(
    api: Api, ada: Account, deviation: dict[str, Any]
) -> None:
    device, _ = add_passkey(ada, Authenticator(sign_count=10))
    for name, value in deviation.items():
        setattr(device, name, value)
    _assert_refused(_sign_in(api, device))
    assert ada.api.get("/auth/passkeys").json["data"][0]["last_used_at"] is None


def test_another_key_with_the_same_name_is_refused(api: Api, device: Authenticator) -> None:
    forger = Authenticator(credential_id=device.credential_id, user_handle=device.user_handle)
    _assert_refused(_sign_in(api, forger))


def test_another_persons_credential_is_refused(
    api: Api, owner: Account, device: Authenticator
) -> None:
    """Neither under one's own name with the other's credential, nor the other way round."""
    other, _ = add_passkey(approved_user(api, owner))
    name, handle = other.credential_id, other.user_handle
    other.credential_id = device.credential_id
    _assert_refused(_sign_in(api, other))
    other.user_handle = device.user_handle
    _assert_refused(_sign_in(api, other))
    other.credential_id = name
    _assert_refused(_sign_in(api, other))
    other.user_handle = handle
    assert _sign_in(api, other).status == 200


def test_a_signature_is_good_once(api: Api, device: Authenticator) -> None:
    signed = device.sign(request_options(api))
    assert log_in(api, signed).status == 200
    _assert_refused(log_in(api, signed))


def test_a_challenge_is_good_once(api: Api, device: Authenticator) -> None:
    options = request_options(api)
    assert log_in(api, device.sign(options)).status == 200
    _assert_refused(log_in(api, device.sign(options)))


def test_a_wrong_answer_spends_the_challenge(api: Api, device: Authenticator) -> None:
    options = request_options(api)
    forger = Authenticator(credential_id=device.credential_id, user_handle=device.user_handle)
    _assert_refused(log_in(api, forger.sign(options)))
    _assert_refused(log_in(api, device.sign(options)))


def test_of_simultaneous_uses_of_one_signature_one_wins(api: Api, device: Authenticator) -> None:
    signed = device.sign(request_options(api))
    answers = simultaneously([partial(log_in, api, signed)] * 4)
    assert sorted(answer.status for answer in answers) == [200, 401, 401, 401]


def test_of_copies_that_sign_at_once_one_wins(api: Api, device: Authenticator) -> None:
    """Both count from the same number, each for a challenge of its own."""
    options = [request_options(api) for _ in range(4)]
    signed = []
    for each in options:
        device.sign_count = 0
        signed.append(device.sign(each))
    answers = simultaneously([partial(log_in, api, each) for each in signed])
    assert sorted(answer.status for answer in answers) == [200, 401, 401, 401]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE one_time_tokens SET expires_at = now()",
        "UPDATE one_time_tokens SET purpose = 'passkey_register' WHERE purpose = 'passkey_login'",
        "DELETE FROM one_time_tokens",
    ],
)
def test_a_challenge_that_is_over(
    api: Api, device: Authenticator, sql: Sql, statement: str
) -> None:
    signed = device.sign(request_options(api))
    sql(statement)
    _assert_refused(log_in(api, signed))


def test_a_challenge_for_making_one_is_none_for_signing_in(
    api: Api, ada: Account, device: Authenticator
) -> None:
    options = ada.api.post("/auth/passkeys/registration/options").json["options"]
    _assert_refused(log_in(api, device.sign(options)))


def test_a_device_that_does_not_count_signs_in_again_and_again(api: Api, ada: Account) -> None:
    device, _ = add_passkey(ada, Authenticator(step=0))
    for _ in range(3):
        assert _sign_in(api, device).status == 200


def test_the_count_is_kept(api: Api, device: Authenticator, sql: Sql) -> None:
    device.step = 7
    _sign_in(api, device)
    assert sql("SELECT sign_count FROM passkeys") == 7
    device.sign_count = 0
    device.step = 6
    _assert_refused(_sign_in(api, device))
    assert sql("SELECT sign_count FROM passkeys") == 7


def test_status_is_told_to_who_has_the_passkey(
    api: Api, ada: Account, device: Authenticator, sql: Sql
) -> None:
    sql("UPDATE users SET status = 'disabled' WHERE id = :id", id=ada.user_id)
    answer = _sign_in(api, device)
    assert (answer.status, answer.codes) == (403, ["ACCOUNT_DISABLED"])
    forger = Authenticator(credential_id=device.credential_id, user_handle=device.user_handle)
    _assert_refused(_sign_in(api, forger))


def test_a_deleted_account_is_closed(
    api: Api, ada: Account, device: Authenticator, sql: Sql
) -> None:
    sql("UPDATE users SET deleted_at = now() WHERE id = :id", id=ada.user_id)
    _assert_refused(_sign_in(api, device))


def test_who_waits_for_approval_adds_no_passkey(api: Api, owner: Account) -> None:
    waiting = register(api)
    answer = waiting.api.post("/auth/passkeys/registration/options")
    assert (answer.status, answer.codes) == (403, ["ACCOUNT_PENDING_APPROVAL"])
