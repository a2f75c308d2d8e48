"""Approve, reject, disable, enable and log out, as root."""

from functools import partial

import pytest

from shared.kernel.ids import new_id
from tests.accounts import PASSWORD, Account, approved_user, register
from tests.accounts import root as make_root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql
from tests.functions.identity.passkeys import add_passkey, request_options
from tests.functions.identity.passkeys import log_in as log_in_with_passkey
from tests.functions.identity.second_factor import enable_totp
from tests.letters import letters, secret_in
from tests.simultaneously import simultaneously

CHANGES = (
    "approve",
    "reject",
    "disable",
    "enable",
    "suspend",
    "activate",
    "force-logout",
    "force-password-reset",
    "restore",
)


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


def _do(root: Account, account: Account, change: str, **body: object) -> ApiAnswer:
    path = f"/system/users/{account.user_id}/{change}"
    return root.api.post(path, body) if body else root.api.post(path)


def _events(sql: Sql, account: Account) -> list[str]:
    names: list[str] = sql(
        "SELECT array_agg(name ORDER BY id) FROM business_events WHERE subject_id = :id"
        " AND organization_id = :organization",
        id=account.user_id,
        organization=account.organization_id,
    )
    return names


def test_whoever_is_approved_hears_of_it_unless_told_otherwise(api: Api, root: Account) -> None:
    bob, eve = register(api), register(api)
    _do(root, bob, "approve")
    _do(root, eve, "approve", send_notification=False)
    assert [letter["to"] for letter in letters("account_approved")] == [bob.email]
    assert eve.api.get("/auth/me").status == 200


def test_with_a_role_one_joins_roots_organization(api: Api, root: Account) -> None:
    bob = register(api)
    (welcome,) = letters("welcome", to=bob.email)
    assert welcome["parameters"]["waits_for_approval"] is True
    answer = _do(root, bob, "approve", role="editor")
    assert answer.status == 200
    organizations = bob.api.get("/user/dashboard").json["data"]["organizations"]
    assert [(each["id"], each["role"]) for each in organizations] == [
        (str(bob.organization_id), "owner"),
        (str(root.organization_id), "editor"),
    ]


@pytest.mark.parametrize("role", ["owner", "root", "", 7])
def test_nobody_is_approved_as_owner_of_it(api: Api, root: Account, role: object) -> None:
    bob = register(api)
    answer = _do(root, bob, "approve", role=role)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert bob.api.get("/auth/me").status == 403


def test_whoever_is_rejected_stays_out_until_it_is_thought_over(
    api: Api, root: Account, sql: Sql
) -> None:
    bob = register(api)
    answer = _do(root, bob, "reject", reason="Nobody knows them")
    assert (answer.status, answer.json["status"]) == (200, "rejected")
    assert b"Nobody knows" not in answer.content
    assert bob.api.get("/auth/me").status == 401
    login = {"email": bob.email, "password": PASSWORD}
    assert api.post("/auth/login", login).codes == ["ACCOUNT_REJECTED"]
    (letter,) = letters("account_rejected")
    assert letter["to"] == bob.email
    assert letter["parameters"]["reason"] == "Nobody knows them"
    assert _do(root, bob, "reject").codes == ["USER_NOT_PENDING"]
    assert _do(root, bob, "approve").status == 200
    assert api.post("/auth/login", login).status == 200
    assert _events(sql, bob) == ["USER_REGISTERED", "USER_REJECTED", "USER_APPROVED", "USER_LOGIN"]


def test_disabling_ends_sessions_and_enabling_opens_none(api: Api, root: Account, sql: Sql) -> None:
    bob = approved_user(api, root)
    assert bob.api.get("/auth/me").status == 200
    answer = _do(root, bob, "disable", reason="Spam")
    assert (answer.status, answer.json["status"]) == (200, "disabled")
    assert bob.api.get("/auth/me").status == 401
    login = {"email": bob.email, "password": PASSWORD}
    assert api.post("/auth/login", login).codes == ["ACCOUNT_DISABLED"]
    assert api.post("/auth/refresh", {"refresh_token": bob.refresh_token}).status == 401

    assert _do(root, bob, "enable").json["status"] == "active"
    assert bob.api.get("/auth/me").status == 401
    assert api.post("/auth/login", login).status == 200
    assert _events(sql, bob)[-3:] == ["USER_DISABLED", "USER_ENABLED", "USER_LOGIN"]


def test_enabling_is_no_way_round_approval(api: Api, root: Account) -> None:
    bob = register(api)
    assert _do(root, bob, "disable").codes == ["USER_NOT_ACTIVE"]
    assert _do(root, bob, "enable").codes == ["USER_NOT_DISABLED"]
    _do(root, bob, "reject")
    assert _do(root, bob, "enable").codes == ["USER_NOT_DISABLED"]


def test_root_is_not_disabled_nor_deleted(root: Account) -> None:
    assert _do(root, root, "disable").codes == ["CANNOT_DISABLE_ROOT"]
    answer = root.api.delete(f"/system/users/{root.user_id}")
    assert (answer.status, answer.codes) == (400, ["CANNOT_DELETE_ROOT"])
    assert root.api.get("/auth/me").status == 200


def test_whoever_is_logged_out_may_come_back(api: Api, root: Account, sql: Sql) -> None:
    bob = approved_user(api, root)
    api.post("/auth/login", {"email": bob.email, "password": PASSWORD})
    answer = _do(root, bob, "force-logout")
    assert (answer.status, answer.json["sessions_revoked"]) == (200, 2)
    assert bob.api.get("/auth/me").status == 401
    assert _do(root, bob, "force-logout").json["sessions_revoked"] == 0
    assert api.post("/auth/login", {"email": bob.email, "password": PASSWORD}).status == 200


def test_whoever_must_set_a_new_password_gets_a_link(api: Api, root: Account) -> None:
    bob = approved_user(api, root)
    answer = _do(root, bob, "force-password-reset")
    assert (answer.status, answer.json["sessions_revoked"]) == (200, 1)
    assert bob.api.get("/auth/me").status == 401
    login = {"email": bob.email, "password": PASSWORD}
    assert api.post("/auth/login", login).codes == ["INVALID_CREDENTIALS"]
    (letter,) = letters("password_reset_forced", to=bob.email)
    new = {"token": secret_in(letter), "new_password": "Another-Horse-2"}
    assert api.post("/auth/reset-password", new).status == 200
    assert api.post("/auth/login", {**login, "password": "Another-Horse-2"}).status == 200


def test_whoever_was_in_without_right_does_not_come_back_by_a_key(
    api: Api, root: Account, sql: Sql
) -> None:
    """An authenticator app stays: it opens nothing by itself."""
    bob = approved_user(api, root)
    enable_totp(bob)
    device, _ = add_passkey(bob)
    key = bob.api.post("/api-keys", {"name": "x", "scopes": ["posts:read"]}).json["data"]["key"]
    assert api.as_user(key).get("/posts").status == 200
    assert _do(root, bob, "force-password-reset").status == 200
    assert api.as_user(key).get("/posts").codes == ["INVALID_API_KEY"]
    signed = device.sign(request_options(api))
    assert log_in_with_passkey(api, signed).codes == ["INVALID_PASSKEY"]
    assert sql("SELECT confirmed_at FROM totp_secrets") is not None


def test_nobody_loses_a_password_they_could_not_set_anew(api: Api, root: Account) -> None:
    assert _do(root, root, "force-password-reset").codes == ["CANNOT_RESET_ROOT"]
    assert _do(root, register(api), "force-password-reset").codes == ["USER_NOT_ACTIVE"]


def test_other_words_for_the_same(api: Api, root: Account) -> None:
    bob = approved_user(api, root)
    assert _do(root, bob, "suspend").json["status"] == "disabled"
    assert _do(root, bob, "activate").json["status"] == "active"


def test_of_approval_and_rejection_at_once_one_counts(api: Api, root: Account) -> None:
    bob = register(api)
    answers = simultaneously([partial(_do, root, bob, change) for change in ("reject", "reject")])
    assert sorted(answer.status for answer in answers) == [200, 400]


@pytest.mark.parametrize("change", CHANGES)
def test_unknown_malformed_and_deleted_users_are_not_found(
    api: Api, root: Account, change: str
) -> None:
    gone = register(api)
    root.api.delete(f"/system/users/{gone.user_id}")
    known = [] if change == "restore" else [gone.user_id]
    for user_id in (new_id(), "abc", *known):
        answer = root.api.post(f"/system/users/{user_id}/{change}")
        assert (answer.status, answer.codes) == (404, ["USER_NOT_FOUND"])


@pytest.mark.parametrize("prefix", ["/system/users", "/system/admin/users"])
def test_all_of_it_is_for_root_only(api: Api, root: Account, prefix: str) -> None:
    bob, pending = approved_user(api, root), register(api)
    calls = [("GET", "/pending"), ("GET", "/deleted"), ("DELETE", f"/{pending.user_id}")]
    calls += [("POST", f"/{pending.user_id}/{change}") for change in CHANGES]
    for method, path in calls:
        for caller, status, code in (
            (bob.api, 403, "FORBIDDEN"),
            (pending.api, 403, "ACCOUNT_PENDING_APPROVAL"),
            (api, 401, "UNAUTHORIZED"),
        ):
            answer = caller.request(method, prefix + path)
            assert (answer.status, answer.codes) == (status, [code]), path


def test_the_second_door_leads_to_the_same(api: Api, root: Account) -> None:
    bob = register(api)
    assert root.api.get("/system/admin/users").json == root.api.get("/system/users").json
    assert root.api.post(f"/system/admin/users/{bob.user_id}/approve").status == 200
    credentials = {"email": bob.email, "password": PASSWORD}
    opened = api.post("/system/auth/login", credentials)
    assert opened.status == 200
    again = api.as_user(opened.json["access_token"])
    assert again.get("/system/auth/me").json["email"] == bob.email
    assert api.post("/system/auth/signup", credentials).codes == ["EMAIL_ALREADY_REGISTERED"]
    assert api.post("/system/auth/forgot-password", {"email": bob.email}).status == 202
    assert again.post("/system/auth/logout").status == 200
    assert again.get("/auth/me").status == 401
