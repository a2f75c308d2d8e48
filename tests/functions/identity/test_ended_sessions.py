"""A request whose session ends while it waits makes no way in that would outlive the session.

Whoever resets the password holds the row of the user and ends the sessions; what a stranger sent
meanwhile waits for that row, and goes on afterwards.
"""

import time
from collections.abc import Callable

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import PASSWORD, Account, approved_user, root
from tests.api import Api, ApiAnswer
from tests.authenticator import Authenticator
from tests.functions.identity.conftest import Sql
from tests.functions.identity.passkeys import creation_options
from tests.functions.identity.second_factor import begin_totp, enable_totp
from tests.simultaneously import simultaneously

pytestmark = pytest.mark.usefixtures("midway")

Send = Callable[[], ApiAnswer]
_SOMEBODY_WAITS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database() AND query LIKE '%users%'
"""
KEPT = """
    SELECT (SELECT count(*) FROM api_keys WHERE revoked_at IS NULL)
         + (SELECT count(*) FROM passkeys)
         + (SELECT count(*) FROM totp_secrets WHERE confirmed_at IS NOT NULL)
"""


@pytest.fixture
def ada(api: Api) -> Account:
    return approved_user(api, root(api))


def _new_key(ada: Account) -> Send:
    return lambda: ada.api.post("/api-keys", {"name": "Import", "scopes": ["posts:read"]})


def _rotated_key(ada: Account) -> Send:
    made = _new_key(ada)().json["data"]
    return lambda: ada.api.post(f"/api-keys/{made['id']}/rotate")


def _new_passkey(ada: Account) -> Send:
    made = Authenticator().make(creation_options(ada))
    body = {"name": "Phone", "credential": made}
    return lambda: ada.api.post("/auth/passkeys/registration", body)


def _options(ada: Account) -> Send:
    return lambda: ada.api.post("/auth/passkeys/registration/options")


def _begun_app(ada: Account) -> Send:
    return lambda: ada.api.post("/auth/second-factor/totp", {})


def _confirmed_app(ada: Account) -> Send:
    code = begin_totp(ada).code()
    return lambda: ada.api.post("/auth/second-factor/totp/confirm", {"code": code})


def _renewed_codes(ada: Account) -> Send:
    _, codes = enable_totp(ada)
    body = {"recovery_code": codes[0]}
    return lambda: ada.api.post("/auth/second-factor/recovery-codes", body)


def _disabled_app(ada: Account) -> Send:
    enable_totp(ada)
    return lambda: ada.api.post("/auth/second-factor/totp/disable", {"password": PASSWORD})


@pytest.mark.parametrize(
    "prepare",
    [
        _new_key,
        _rotated_key,
        _new_passkey,
        _options,
        _begun_app,
        _confirmed_app,
        _renewed_codes,
        _disabled_app,
    ],
)
def test_what_waits_for_the_end_of_its_session_does_nothing(
    ada: Account, sql: Sql, prepare: Callable[[Account], Send]
) -> None:
    send = prepare(ada)
    kept = sql(KEPT)
    with engine().connect() as reset:
        reset.execute(text("SELECT 1 FROM users FOR UPDATE"))

        def end() -> None:
            for _ in range(500):
                if sql(_SOMEBODY_WAITS):
                    break
                time.sleep(0.01)
            reset.execute(text("UPDATE user_sessions SET ended_at = now(), end_kind = 'revoked'"))
            reset.commit()

        answer, _ = simultaneously([send, end])
    assert answer is not None
    assert (answer.status, answer.codes) == (401, ["INVALID_TOKEN"])
    assert sql(KEPT) == kept
