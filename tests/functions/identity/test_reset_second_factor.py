"""POST /system/users/{user_id}/reset-second-factor: for who has lost all they show codes with."""

import pytest

from tests.accounts import Account, approved_user, register
from tests.accounts import root as make_root
from tests.api import Api, ApiAnswer
from tests.functions.identity import passkeys
from tests.functions.identity.conftest import Sql
from tests.functions.identity.second_factor import challenge_of, enable_totp, log_in, show
from tests.letters import letters, secret_in

pytestmark = pytest.mark.usefixtures("midway")


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


@pytest.fixture
def ada(api: Api, root: Account) -> Account:
    return approved_user(api, root, "ada@example.com")


def _reset(caller: Account, account: Account, door: str = "/system/users") -> ApiAnswer:
    return caller.api.post(f"{door}/{account.user_id}/reset-second-factor")


@pytest.mark.parametrize("door", ["/system/users", "/system/admin/users"])
def test_the_password_is_enough_again(api: Api, root: Account, ada: Account, door: str) -> None:
    _, codes = enable_totp(ada)
    challenge = challenge_of(api, ada.email)
    answer = _reset(root, ada, door)
    assert (answer.status, answer.json["sessions_revoked"]) == (200, 1)
    assert ada.api.get("/auth/me").codes == ["INVALID_TOKEN"]
    assert show(api, challenge, recovery_code=codes[0]).status == 401
    opened = log_in(api, ada.email)
    assert "access_token" in opened.json
    status = api.as_user(opened.json["access_token"]).get("/auth/second-factor")
    assert status.json["enabled"] is False


def test_a_secret_that_was_never_confirmed_goes_as_well(root: Account, ada: Account) -> None:
    ada.api.post("/auth/second-factor/totp", {})
    assert _reset(root, ada).status == 200
    assert _reset(root, ada).codes == ["SECOND_FACTOR_NOT_FOUND"]


def test_passkeys_go_too_for_they_are_on_what_is_lost(
    api: Api, root: Account, ada: Account, sql: Sql
) -> None:
    lost, _ = passkeys.add_passkey(ada)
    assert _reset(root, ada).status == 200
    answer = passkeys.log_in(api, lost.sign(passkeys.request_options(api)))
    assert (answer.status, answer.codes) == (401, ["INVALID_PASSKEY"])
    told = "SELECT details FROM business_events WHERE name = 'SECOND_FACTOR_RESET'"
    assert sql(told) == {"passkeys": 1}


def test_links_to_a_new_password_end_with_the_sessions(
    api: Api, root: Account, ada: Account
) -> None:
    """Whoever has talked root into it, and reads along, does not go on with what they have."""
    enable_totp(ada)
    api.post("/auth/forgot-password", {"email": ada.email})
    token = secret_in(letters("password_reset")[0])
    _reset(root, ada)
    answer = api.post("/auth/reset-password", {"token": token, "new_password": "Third-Horse-3"})
    assert answer.codes == ["INVALID_RESET_TOKEN"]


def test_others_keep_theirs(api: Api, root: Account, ada: Account) -> None:
    bob = approved_user(api, root)
    for account in (ada, bob):
        enable_totp(account)
    _reset(root, ada)
    assert log_in(api, bob.email).json["second_factor_required"] is True
    assert bob.api.get("/auth/me").status == 200


def test_it_is_told_with_who_did_it_and_written_of(root: Account, ada: Account, sql: Sql) -> None:
    enable_totp(ada)
    _reset(root, ada)
    event = "FROM business_events WHERE name = 'SECOND_FACTOR_RESET'"
    assert sql(f"SELECT actor_id {event}") == root.user_id
    assert sql(f"SELECT subject_id {event}") == ada.user_id
    assert sql(f"SELECT organization_id {event}") == ada.organization_id
    changes = [
        letter["parameters"]["change"] for letter in letters("security_changed", to=ada.email)
    ]
    assert changes == ["second_factor_enabled", "second_factor_reset"]


def test_nobody_resets_their_own(root: Account) -> None:
    enable_totp(root)
    answer = _reset(root, root)
    assert (answer.status, answer.codes) == (400, ["CANNOT_RESET_OWN_SECOND_FACTOR"])
    assert root.api.get("/auth/second-factor").json["enabled"] is True


def test_where_there_is_none_nothing_happens(api: Api, root: Account, ada: Account) -> None:
    answer = _reset(root, ada)
    assert (answer.status, answer.codes) == (404, ["SECOND_FACTOR_NOT_FOUND"])
    assert ada.api.get("/auth/me").status == 200
    bob = register(api)
    root.api.delete(f"/system/users/{bob.user_id}")
    assert _reset(root, bob).codes == ["USER_NOT_FOUND"]


def test_it_is_for_root_only(api: Api, root: Account, ada: Account) -> None:
    bob = approved_user(api, root)
    enable_totp(ada)
    answer = _reset(bob, ada)
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])
    assert log_in(api, ada.email).json["second_factor_required"] is True
