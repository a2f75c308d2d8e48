"""Invited people who sign in elsewhere: the invitation goes along, and opens the account."""

import pytest

from tests.accounts import Account, approved_user
from tests.api import ApiAnswer
from tests.colleagues import invited
from tests.functions.identity.conftest import Sql
from tests.functions.identity.external.browser import Browser
from tests.simulator.oidc import Issuer

ADA = "ada@example.com"


@pytest.fixture(autouse=True)
def by_invitation(owner: Account, acme: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRATION_MODE", "invite")


def _set_out(browser: Browser, token: str) -> ApiAnswer:
    return browser.post("/auth/oauth/acme/authorize", {"invitation_token": token})


def _travel(browser: Browser, token: str) -> dict[str, str]:
    answer = _set_out(browser, token)
    assert answer.status == 200, answer.content
    assert token not in answer.content.decode()
    return browser.come_back(browser.visit(answer.json["authorization_url"]))


def test_who_was_invited_is_in_and_belongs(browser: Browser, owner: Account, sql: Sql) -> None:
    said = _travel(browser, invited(owner, ADA, "editor"))
    opened = browser.exchange(said["code"]).json
    assert (opened["user"]["status"], opened["user"]["email"]) == ("active", ADA)
    mine = browser.api.as_user(opened["access_token"]).get("/organizations").json["data"]
    assert (str(owner.organization_id), "editor") in [(each["id"], each["role"]) for each in mine]
    assert sql("SELECT count(*) FROM invitations WHERE accepted_at IS NOT NULL") == 1


def test_without_an_invitation_nobody_is(browser: Browser, sql: Sql) -> None:
    assert browser.travel() == {"error": "REGISTRATION_CLOSED"}
    assert sql("SELECT count(*) FROM users") == 1


@pytest.mark.parametrize(
    ("made_bad", "code"),
    [
        ("UPDATE invitations SET revoked_at = now()", "INVITATION_REVOKED"),
        ("UPDATE invitations SET expires_at = now()", "INVITATION_EXPIRED"),
        ("UPDATE invitations SET email = 'bob@example.com'", "INVITATION_FOR_ANOTHER_EMAIL"),
        ("UPDATE invitations SET token_hash = 'x'", "INVITATION_NOT_FOUND"),
    ],
)
def test_a_bad_one_opens_no_account(
    browser: Browser, owner: Account, sql: Sql, made_bad: str, code: str
) -> None:
    answer = _set_out(browser, invited(owner, ADA))
    sql(made_bad)
    assert browser.come_back(browser.visit(answer.json["authorization_url"])) == {"error": code}
    assert sql("SELECT count(*) FROM users") == 1


def test_whoever_was_shut_out_lets_nobody_in(
    browser: Browser, owner: Account, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRATION_MODE", "approval")
    bob = approved_user(browser.api, owner)
    monkeypatch.setenv("REGISTRATION_MODE", "invite")
    token = invited(bob, ADA)
    owner.api.post(f"/system/users/{bob.user_id}/disable")
    assert _travel(browser, token) == {"error": "INVITATION_NO_LONGER_VALID"}
    assert sql("SELECT count(*) FROM users") == 2


def test_an_account_that_is_there_accepts_when_signed_in(
    browser: Browser, owner: Account, sql: Sql
) -> None:
    browser.exchange(_travel(browser, invited(owner, ADA))["code"])
    sql(
        "DELETE FROM memberships WHERE organization_id = :id AND role = 'editor'",
        id=owner.organization_id,
    )
    token = invited(owner, ADA)
    opened = browser.exchange(_travel(browser, token)["code"]).json
    ada = browser.api.as_user(opened["access_token"])
    assert len(ada.get("/organizations").json["data"]) == 1
    assert ada.post("/invitations/accept", {"token": token}).status == 200


def test_the_invitation_is_kept_as_a_hash(browser: Browser, owner: Account, sql: Sql) -> None:
    token = invited(owner, ADA)
    _set_out(browser, token)
    kept = sql("SELECT details::text FROM one_time_tokens WHERE purpose = 'external_state'")
    assert token not in kept
    assert "invitation" in kept


@pytest.mark.parametrize("body", [{}, {"invitation_token": ""}, {"invitation_token": "x" * 257}])
def test_it_takes_one(browser: Browser, body: dict[str, str]) -> None:
    answer = browser.post("/auth/oauth/acme/authorize", body)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
