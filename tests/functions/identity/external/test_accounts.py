"""Which account somebody gets, and who gets none."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.accounts import PASSWORD, Account, approved_user, register
from tests.api import Api
from tests.functions.identity.conftest import Sql
from tests.functions.identity.external.browser import Browser
from tests.functions.identity.external.conftest import ADA
from tests.letters import letters
from tests.simulator.oidc import Issuer
from tests.simultaneously import simultaneously

Verify = Callable[[str], None]


@pytest.fixture
def verify(sql: Sql) -> Verify:
    def run(email: str) -> None:
        sql("UPDATE users SET email_verified_at = now() WHERE email = :email", email=email)

    return run


def _names(sql: Sql) -> set[str]:
    return set(sql("SELECT coalesce(array_agg(name), '{}') FROM business_events"))


def test_a_newcomer_waits_for_approval_without_tokens(
    browser: Browser, acme: Issuer, owner: Account, sql: Sql
) -> None:
    assert browser.travel() == {"error": "ACCOUNT_PENDING_APPROVAL"}
    assert sql("SELECT status FROM users WHERE email = 'ada@example.com'") == "pending_approval"
    assert sql("SELECT count(*) FROM one_time_tokens WHERE purpose = 'external_code'") == 0
    assert "OAUTH_LOGIN_FAILED" in _names(sql)


def test_and_gets_in_when_approved(
    browser: Browser, acme: Issuer, owner: Account, sql: Sql
) -> None:
    browser.travel()
    user_id = sql("SELECT id FROM users WHERE email = 'ada@example.com'")
    assert owner.api.post(f"/system/users/{user_id}/approve").status == 200
    assert browser.sign_in().json["user"]["id"] == str(user_id)


def test_json_tells_the_same(browser: Browser, acme: Issuer, owner: Account) -> None:
    answer = browser.post("/auth/oauth/acme/callback", browser.visit(browser.set_out()))
    assert (answer.status, answer.codes) == (403, ["ACCOUNT_PENDING_APPROVAL"])


@pytest.mark.parametrize(
    ("status", "code"), [("disabled", "ACCOUNT_DISABLED"), ("rejected", "ACCOUNT_REJECTED")]
)
def test_who_is_shut_out_stays_out(
    browser: Browser, acme: Issuer, admitting: Account, sql: Sql, status: str, code: str
) -> None:
    own = browser.travel()["code"]
    sql("UPDATE users SET status = :status WHERE NOT is_root", status=status)
    assert browser.travel() == {"error": code}
    answer = browser.exchange(own)
    assert (answer.status, answer.codes) == (403, [code])


def test_nobody_joins_unasked(
    browser: Browser, acme: Issuer, owner: Account, monkeypatch: pytest.MonkeyPatch, sql: Sql
) -> None:
    monkeypatch.setenv("REGISTRATION_MODE", "invite")
    assert browser.travel() == {"error": "REGISTRATION_CLOSED"}
    assert sql("SELECT count(*) FROM users") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email_verified": 1.5},
        {"email": None},
        {"email": "nonsense"},
        {"email": 7},
        {"email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example"},
    ],
    ids=str,
)
def test_an_address_that_is_not_verified_opens_nothing(
    browser: Browser,
    acme: Issuer,
    admitting: Account,
    verify: Verify,
    sql: Sql,
    changes: dict[str, Any],
) -> None:
    register(admitting.api, "ada@example.com")
    verify("ada@example.com")
    person = {**ADA, **changes}
    acme.person = {name: value for name, value in person.items() if value is not None}
    assert browser.travel() == {"error": "EMAIL_NOT_VERIFIED"}
    assert sql("SELECT count(*) FROM external_identities") == 0


def test_a_verified_account_of_the_same_address_is_linked(
    browser: Browser, acme: Issuer, owner: Account, api: Api, verify: Verify, sql: Sql
) -> None:
    ada = approved_user(api, owner, "ada@example.com")
    verify(ada.email)
    acme.person = {**ADA, "email": "Ada@Example.COM"}
    answer = browser.sign_in()
    assert answer.json["user"]["id"] == str(ada.user_id)
    assert answer.json["user"]["avatar_url"] == ADA["picture"]
    assert "OAUTH_ACCOUNT_LINKED" in _names(sql)
    (letter,) = letters("security_changed", to=ada.email)
    assert letter["parameters"]["change"] == "identity_linked"
    login = api.post("/auth/login", {"email": ada.email, "password": PASSWORD})
    assert login.status == 200


def test_an_account_somebody_made_before_is_not(
    browser: Browser, acme: Issuer, owner: Account, api: Api, sql: Sql
) -> None:
    """Else whoever registered another's address would share what its owner keeps there."""
    approved_user(api, owner, "ada@example.com", is_verified=False)
    assert browser.travel() == {"error": "EMAIL_ALREADY_REGISTERED"}
    assert sql("SELECT count(*) FROM external_identities") == 0


def test_an_address_that_has_moved_on_does_not_take_the_account_along(
    browser: Browser, acme: Issuer, admitting: Account
) -> None:
    browser.sign_in()
    acme.person = {**ADA, "sub": "grace-2", "name": "Grace"}
    assert browser.travel() == {"error": "PROVIDER_ALREADY_LINKED"}


def test_the_same_subject_of_another_issuer_is_somebody_else(
    browser: Browser, acme: Issuer, google: Issuer, admitting: Account
) -> None:
    first = browser.sign_in().json["user"]["id"]
    google.person = {**ADA, "email": "grace@example.com"}
    said = browser.come_back(
        browser.visit(browser.set_out("/auth/oauth/google/authorize")),
        "/auth/oauth/google/callback",
    )
    assert browser.exchange(said["code"]).json["user"]["id"] != first


def test_two_issuers_that_vouch_for_one_address_open_one_account(
    browser: Browser, acme: Issuer, google: Issuer, admitting: Account
) -> None:
    first = browser.sign_in().json["user"]["id"]
    said = browser.come_back(
        browser.visit(browser.set_out("/auth/oauth/google/authorize")),
        "/auth/oauth/google/callback",
    )
    assert browser.exchange(said["code"]).json["user"]["id"] == first


def test_a_deleted_account_stays_deleted_and_frees_its_owner(
    browser: Browser, acme: Issuer, admitting: Account, sql: Sql
) -> None:
    first = browser.sign_in().json["user"]["id"]
    code = browser.travel()["code"]
    sql("UPDATE users SET deleted_at = now() WHERE NOT is_root")
    assert browser.exchange(code).codes == ["INVALID_EXCHANGE_CODE"]
    second = browser.sign_in().json["user"]
    assert second["id"] != first
    assert sql("SELECT user_id::text FROM external_identities") == second["id"]


def test_a_person_in_two_browsers_at_once_gets_one_account(
    acme: Issuer, admitting: Account, api: Api, sql: Sql
) -> None:
    browsers = [Browser(api) for _ in range(4)]
    brought = [browser.visit(browser.set_out()) for browser in browsers]
    told = simultaneously(
        [partial(browser.come_back, said) for browser, said in zip(browsers, brought, strict=True)]
    )
    assert [list(each) for each in told] == [["code"]] * 4
    answers = [browser.exchange(each["code"]) for browser, each in zip(browsers, told, strict=True)]
    assert len({answer.json["user"]["id"] for answer in answers}) == 1
    assert sql("SELECT count(*) FROM external_identities") == 1


def test_of_several_first_ones_one_becomes_root(acme: Issuer, api: Api, sql: Sql) -> None:
    browsers = [Browser(api) for _ in range(4)]
    brought = []
    for number, browser in enumerate(browsers):
        acme.person = {**ADA, "sub": f"s{number}", "email": f"s{number}@example.com"}
        brought.append(browser.visit(browser.set_out()))
    told = simultaneously(
        [partial(browser.come_back, said) for browser, said in zip(browsers, brought, strict=True)]
    )
    assert sorted(next(iter(each)) for each in told) == ["code", "error", "error", "error"]
    assert sql("SELECT count(*) FROM users WHERE is_root") == 1


def test_no_password_opens_an_account_without_one(
    browser: Browser, acme: Issuer, admitting: Account, api: Api
) -> None:
    browser.sign_in()
    login = api.post("/auth/login", {"email": "ada@example.com", "password": PASSWORD})
    assert (login.status, login.codes) == (401, ["INVALID_CREDENTIALS"])
