"""One more way in, and one less."""

import time

import pytest
import time_machine

from tests.accounts import PASSWORD, Account, approved_user
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql
from tests.functions.identity.external.browser import Browser
from tests.functions.identity.external.conftest import ADA, forget_providers
from tests.letters import letters
from tests.simulator.oidc import Issuer


@pytest.fixture
def bob(api: Api, owner: Account, sql: Sql) -> Account:
    """Signed in a moment ago, his address verified."""
    account = approved_user(api, owner, "bob@example.com")
    sql("UPDATE users SET email_verified_at = now() WHERE email = 'bob@example.com'")
    return account


@pytest.fixture
def bobs(bob: Account) -> Browser:
    """Bob's browser, which sends his access token along."""
    return Browser(bob.api)


def _link(browser: Browser, provider: str = "acme") -> dict[str, str]:
    answer = browser.post(f"/auth/identities/{provider}/link")
    assert answer.status == 200, answer.content
    said = browser.visit(answer.json["authorization_url"])
    return browser.come_back(said, f"/auth/oauth/{provider}/callback")


def _unlink(account: Account, provider: str = "acme") -> ApiAnswer:
    return account.api.delete(f"/auth/identities/{provider}")


def test_a_linked_identity_opens_the_account(
    bobs: Browser, bob: Account, acme: Issuer, api: Api
) -> None:
    assert _link(bobs) == {"linked": "acme"}
    (listed,) = bob.api.get("/auth/identities").json["data"]
    assert {**listed, "created_at": 0, "last_used_at": 0} == {
        "provider": "acme",
        "email": "ada@example.com",
        "name": "Ada Lovelace",
        "created_at": 0,
        "last_used_at": 0,
    }
    assert Browser(api).sign_in().json["user"]["id"] == str(bob.user_id)


def test_its_owner_hears_of_it(bobs: Browser, bob: Account, acme: Issuer) -> None:
    _link(bobs)
    _unlink(bob)
    changes = [
        letter["parameters"]["change"]
        for letter in letters("security_changed", to="bob@example.com")
    ]
    assert changes == ["identity_linked", "identity_unlinked"]


def test_a_program_may_finish_it(bobs: Browser, bob: Account, acme: Issuer) -> None:
    url = bobs.post("/auth/identities/acme/link").json["authorization_url"]
    answer = bobs.post("/auth/oauth/acme/callback", bobs.visit(url))
    assert answer.status == 200
    assert answer.json["linked"]["email"] == "ada@example.com"


def test_a_stranger_cannot_have_their_identity_linked(
    bobs: Browser, bob: Account, acme: Issuer, api: Api
) -> None:
    """Begun in the stranger's browser, it is not finished in Bob's; nor the other way round."""
    url = bobs.post("/auth/identities/acme/link").json["authorization_url"]
    said = bobs.visit(url)
    assert Browser(api).come_back(said) == {"error": "INVALID_OAUTH_STATE"}
    assert bob.api.get("/auth/identities").json["data"] == []


def test_a_session_that_ended_links_nothing(bobs: Browser, bob: Account, acme: Issuer) -> None:
    url = bobs.post("/auth/identities/acme/link").json["authorization_url"]
    said = bobs.visit(url)
    assert bob.api.post("/auth/logout").status == 200
    assert bobs.come_back(said) == {"error": "INVALID_TOKEN"}


def test_an_old_session_shows_its_password(bobs: Browser, bob: Account, acme: Issuer) -> None:
    with time_machine.travel(time.time() + 601):
        answer = bobs.post("/auth/identities/acme/link")
        assert (answer.status, answer.codes) == (403, ["FRESH_PROOF_NEEDED"])
        wrong = bobs.post("/auth/identities/acme/link", {"password": "Wrong-Horse-1"})
        assert (wrong.status, wrong.codes) == (401, ["INVALID_CURRENT_PASSWORD"])
        assert bobs.post("/auth/identities/acme/link", {"password": PASSWORD}).status == 200


def test_an_account_that_is_not_verified_gets_no_way_in_of_another_address(
    bobs: Browser, bob: Account, acme: Issuer, sql: Sql
) -> None:
    sql("UPDATE users SET email_verified_at = NULL")
    assert _link(bobs) == {"error": "EMAIL_NOT_VERIFIED"}


def test_one_of_the_same_address_verifies_it(
    bobs: Browser, bob: Account, acme: Issuer, sql: Sql
) -> None:
    sql("UPDATE users SET email_verified_at = NULL")
    acme.person = {**ADA, "email": bob.email}
    assert _link(bobs) == {"linked": "acme"}
    verified = "SELECT email_verified_at IS NOT NULL FROM users WHERE email = :email"
    assert sql(verified, email=bob.email) is True


def test_an_address_that_is_not_verified_there(bobs: Browser, bob: Account, acme: Issuer) -> None:
    acme.person = {**ADA, "email_verified": False}
    assert _link(bobs) == {"error": "EMAIL_NOT_VERIFIED"}


def test_an_identity_belongs_to_one_account(
    bobs: Browser, bob: Account, acme: Issuer, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRATION_MODE", "open")
    Browser(api).sign_in()
    assert _link(bobs) == {"error": "IDENTITY_ALREADY_LINKED"}


def test_an_account_has_one_identity_at_each_provider(
    bobs: Browser, bob: Account, acme: Issuer, google: Issuer
) -> None:
    assert _link(bobs) == {"linked": "acme"}
    acme.person = {**ADA, "sub": "another"}
    assert _link(bobs) == {"error": "PROVIDER_ALREADY_LINKED"}
    assert _link(bobs, "google") == {"linked": "google"}


def test_unlinking(bobs: Browser, bob: Account, acme: Issuer, api: Api, sql: Sql) -> None:
    _link(bobs)
    assert _unlink(bob).status == 204
    assert bob.api.get("/auth/identities").json["data"] == []
    assert Browser(api).travel() == {"error": "ACCOUNT_PENDING_APPROVAL"}  # somebody new
    names = sql("SELECT array_agg(name) FROM business_events")
    assert {"OAUTH_ACCOUNT_LINKED", "OAUTH_ACCOUNT_UNLINKED"} <= set(names)


@pytest.mark.parametrize("provider", ["acme", "google", "nothing", "x" * 300])
def test_unlinking_what_is_not_linked(bob: Account, acme: Issuer, provider: str) -> None:
    answer = _unlink(bob, provider)
    assert (answer.status, answer.codes) == (404, ["IDENTITY_NOT_FOUND"])


def test_the_last_way_in_stays(
    browser: Browser, acme: Issuer, google: Issuer, admitting: Account, api: Api
) -> None:
    ada = api.as_user(browser.sign_in().json["access_token"])
    refused = ada.delete("/auth/identities/acme")
    assert (refused.status, refused.codes) == (409, ["LAST_WAY_IN"])
    browser.come_back(
        browser.visit(browser.set_out("/auth/oauth/google/authorize")),
        "/auth/oauth/google/callback",
    )
    assert ada.delete("/auth/identities/acme").status == 204
    assert ada.delete("/auth/identities/google").codes == ["LAST_WAY_IN"]


def test_a_passkey_is_a_way_in(
    browser: Browser, acme: Issuer, admitting: Account, api: Api, sql: Sql
) -> None:
    signed_in = browser.sign_in().json
    sql(
        "INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name,"
        " transports, created_at) VALUES (gen_random_uuid(), :user_id, 'x', 'x', 0, 'phone',"
        " '{}', now())",
        user_id=signed_in["user"]["id"],
    )
    ada = api.as_user(signed_in["access_token"])
    assert ada.delete("/auth/identities/acme").status == 204


def test_an_identity_stays_where_its_provider_is_gone(
    bobs: Browser, bob: Account, acme: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _link(bobs)
    for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"OIDC_ACME_{name}")
    forget_providers()
    assert len(bob.api.get("/auth/identities").json["data"]) == 1
    answer = bobs.post("/auth/identities/acme/link")
    assert (answer.status, answer.codes) == (404, ["OAUTH_PROVIDER_NOT_AVAILABLE"])
    assert _unlink(bob).status == 204


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/auth/identities"),
        ("POST", "/auth/identities/acme/link"),
        ("DELETE", "/auth/identities/acme"),
    ],
)
def test_nobody_in_particular_has_no_identities(
    api: Api, acme: Issuer, method: str, path: str
) -> None:
    answer = api.request(method, path)
    assert (answer.status, answer.codes) == (401, ["UNAUTHORIZED"])
