"""Registration by invitation, and where the address is to be verified first."""

from typing import Any

import pytest

from tests.accounts import PASSWORD, Account, approved_user
from tests.accounts import root as make_root
from tests.api import Api, ApiAnswer
from tests.colleagues import invited, path
from tests.functions.identity.conftest import Sql
from tests.letters import letters, secret_in

BOB = {"email": "bob@example.com", "password": PASSWORD, "name": "Bob"}


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


@pytest.fixture
def mode(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda word: monkeypatch.setenv("REGISTRATION_MODE", word)


@pytest.fixture
def verification(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRATION_VERIFIED_EMAIL", "true")


def _register(api: Api, token: str | None = None, **changes: Any) -> ApiAnswer:
    return api.post("/auth/register", {**BOB, "invitation_token": token, **changes})


def test_by_invitation_one_is_in_at_once_and_a_member(api: Api, root: Account, mode: Any) -> None:
    mode("invite")
    answer = _register(api, invited(root, "bob@example.com", "editor"))
    assert answer.status == 201
    assert answer.json["is_pending"] is False
    user = answer.json["user"]
    assert (user["status"], user["email_verified"]) == ("active", True)
    assert user["organization"]["name"] == "Bob"
    bob = api.as_user(answer.json["access_token"])
    organizations = bob.get("/user/dashboard").json["data"]["organizations"]
    assert [(each["id"], each["role"]) for each in organizations] == [
        (user["organization"]["id"], "owner"),
        (str(root.organization_id), "editor"),
    ]
    assert letters("welcome", to="bob@example.com")[0]["parameters"] == {
        "name": "Bob",
        "link": None,
        "waits_for_approval": False,
    }


def test_an_invitation_by_a_member_is_no_approval_by_root(api: Api, root: Account) -> None:
    ada = approved_user(api, root)
    answer = _register(api, invited(ada, "bob@example.com"))
    assert (answer.status, answer.json["is_pending"]) == (201, True)
    assert answer.json["user"]["status"] == "pending_approval"


@pytest.mark.parametrize("word", ["invite", "approval", "open"])
def test_a_wrong_invitation_leaves_nothing_behind(
    api: Api, root: Account, mode: Any, sql: Sql, word: str
) -> None:
    mode(word)
    token = invited(root, "bob@example.com")
    for changes, status, code in (
        ({"token": "never-given"}, 404, "INVITATION_NOT_FOUND"),
        ({"token": token, "email": "eve@example.com"}, 403, "INVITATION_FOR_ANOTHER_EMAIL"),
    ):
        answer = _register(api, **changes)
        assert (answer.status, answer.codes) == (status, [code])
    assert sql("SELECT count(*) FROM users") == 1
    assert _register(api, token).status == 201


@pytest.mark.parametrize("word", ["invite", "approval", "open"])
def test_without_an_invitation_to_it_nobody_learns_whether_an_address_is_taken(
    api: Api, root: Account, mode: Any, word: str
) -> None:
    mode(word)
    to_another = invited(root, "bob@example.com")
    for token, refusal in (
        ("never-given", (404, ["INVITATION_NOT_FOUND"])),
        (to_another, (403, ["INVITATION_FOR_ANOTHER_EMAIL"])),
    ):
        for email in (root.email, "nobody@example.com"):
            answer = _register(api, token, email=email)
            assert (answer.status, answer.codes) == refusal
    assert not letters("account_exists")


def test_an_invitation_is_good_for_one_registration(api: Api, root: Account, mode: Any) -> None:
    mode("invite")
    token = invited(root, "bob@example.com")
    bob = _register(api, token).json["user"]["id"]
    root.api.delete(f"/system/users/{bob}")
    answer = _register(api, token)
    assert (answer.status, answer.codes) == (409, ["INVITATION_ALREADY_ACCEPTED"])


def test_a_revoked_invitation_admits_nobody(api: Api, root: Account, mode: Any) -> None:
    mode("invite")
    token = invited(root, "bob@example.com")
    (invitation,) = root.api.get(path(root, "invitations")).json["data"]
    root.api.delete(path(root, "invitations", invitation["id"]))
    answer = _register(api, token)
    assert (answer.status, answer.codes) == (409, ["INVITATION_REVOKED"])


def test_who_was_shut_out_lets_nobody_in(api: Api, root: Account, mode: Any, sql: Sql) -> None:
    ada = approved_user(api, root)
    token = invited(ada, "bob@example.com")
    root.api.post(f"/system/users/{ada.user_id}/disable")
    mode("invite")
    answer = _register(api, token)
    assert (answer.status, answer.codes) == (409, ["INVITATION_NO_LONGER_VALID"])
    root.api.post(f"/system/users/{ada.user_id}/enable")
    assert _register(api, token).status == 201


@pytest.mark.parametrize(("word", "status"), [("open", "active"), ("approval", "pending_approval")])
def test_where_it_is_demanded_the_address_is_verified_first(
    api: Api, root: Account, mode: Any, verification: None, word: str, status: str
) -> None:
    mode(word)
    registered = _register(api)
    assert (registered.json["is_pending"], registered.json["user"]["status"]) == (
        True,
        "pending_verification",
    )
    bob = api.as_user(registered.json["access_token"])
    assert (bob.get("/auth/me").status, bob.get("/auth/me").codes) == (
        403,
        ["ACCOUNT_PENDING_VERIFICATION"],
    )
    assert api.post("/auth/login", BOB).codes == ["ACCOUNT_PENDING_VERIFICATION"]
    user_id = registered.json["user"]["id"]
    assert root.api.post(f"/system/users/{user_id}/approve").codes == ["USER_NOT_PENDING"]

    (letter,) = letters("welcome", to="bob@example.com")
    assert api.post("/auth/verify-email", {"token": secret_in(letter)}).status == 200
    user = root.api.get(f"/system/users/{user_id}").json["data"]
    assert (user["status"], user["email_verified"]) == (status, True)
    assert bob.get("/auth/me").status == (200 if status == "active" else 403)


def test_to_demand_it_does_not_shut_out_root_nor_the_invited(
    api: Api, verification: None, mode: Any
) -> None:
    mode("open")
    root = make_root(api)
    assert root.api.get("/auth/me").json["email_verified"] is False
    assert _register(api, invited(root, "bob@example.com")).json["is_pending"] is False


def test_to_reset_the_password_verifies_the_address(
    api: Api, root: Account, mode: Any, verification: None
) -> None:
    mode("open")
    _register(api)
    api.post("/auth/forgot-password", {"email": BOB["email"]})
    (letter,) = letters("password_reset")
    new = {"token": secret_in(letter), "new_password": "Another-Horse-2"}
    assert api.post("/auth/reset-password", new).status == 200
    login = api.post("/auth/login", {"email": BOB["email"], "password": "Another-Horse-2"})
    assert (login.status, login.json["user"]["email_verified"]) == (200, True)
