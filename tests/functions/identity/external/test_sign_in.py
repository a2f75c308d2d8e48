"""Signing in with an account somewhere else, when all goes well."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.accounts import Account, register
from tests.api import Api
from tests.functions.identity.conftest import Sql
from tests.functions.identity.external.browser import API, Browser
from tests.functions.identity.external.conftest import ADA
from tests.letters import letters
from tests.simulator.oidc import Issuer

COOKIE = "__Host-luxaris-external"


def test_a_newcomer_gets_an_account_with_what_is_known_of_them(
    browser: Browser, acme: Issuer, admitting: Account, api: Api
) -> None:
    answer = browser.sign_in()
    assert answer.status == 200, answer.content
    user = answer.json["user"]
    assert {
        "email": "ada@example.com",
        "name": "Ada Lovelace",
        "avatar_url": ADA["picture"],
        "auth_method": "oauth",
        "status": "active",
        "is_root": False,
        "timezone": "Europe/Vienna",
        "locale": "de-AT",
        "roles": ["owner"],
    }.items() <= user.items()
    assert user["organization"]["name"] == "Ada Lovelace"
    me = api.as_user(answer.json["access_token"]).get("/auth/me")
    assert (me.status, me.json["id"]) == (200, user["id"])


def test_a_newcomer_is_welcomed_and_need_not_verify_anything(
    browser: Browser, acme: Issuer, admitting: Account
) -> None:
    browser.sign_in()
    (letter,) = letters("welcome", to="ada@example.com")
    assert letter["parameters"] == {
        "name": "Ada Lovelace",
        "link": None,
        "waits_for_approval": False,
    }
    assert not letters("security_changed")


def test_the_first_of_all_is_root(browser: Browser, acme: Issuer) -> None:
    user = browser.sign_in().json["user"]
    assert (user["is_root"], user["status"]) == (True, "active")


def test_who_comes_again_gets_the_same_account_whatever_their_address(
    browser: Browser, acme: Issuer, admitting: Account, sql: Sql
) -> None:
    first = browser.sign_in().json["user"]
    acme.person = {**ADA, "email": "other@example.com", "email_verified": False}
    again = browser.sign_in().json["user"]
    assert again["id"] == first["id"]
    assert again["email"] == "ada@example.com"
    assert sql("SELECT email FROM external_identities") == "other@example.com"
    assert sql("SELECT count(*) FROM users WHERE NOT is_root") == 1


def test_what_is_asked_of_the_provider(browser: Browser, acme: Issuer, owner: Account) -> None:
    url = urlsplit(browser.set_out())
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{acme.url}/authorize"
    assert asked["redirect_uri"] == f"{API}/auth/oauth/acme/callback"
    assert set(asked["scope"].split()) == {"openid", "email", "profile"}
    assert asked["code_challenge_method"] == "S256"
    secrets = {asked["state"], asked["nonce"], asked["code_challenge"], browser.cookies[COOKIE]}
    assert [len(each) for each in secrets] == [43] * 4


def test_the_cookie_is_for_this_host_and_for_no_script(api: Api, acme: Issuer) -> None:
    answer = api.get("/auth/oauth/acme/authorize")
    (cookie,) = answer.set_cookies
    name, *attributes = [part.strip() for part in cookie.split(";")]
    assert name.startswith(f"{COOKIE}=")
    assert {each.lower() for each in attributes} == {
        "httponly",
        "max-age=600",
        "path=/",
        "samesite=lax",
        "secure",
    }
    assert answer.headers["cache-control"] == "no-store"


def test_a_script_is_told_where_to_go(browser: Browser, acme: Issuer, owner: Account) -> None:
    answer = browser.request(
        "GET", "/auth/oauth/acme/authorize", headers={"accept": "application/json"}
    )
    assert answer.status == 200
    assert answer.json.keys() == {"authorization_url", "state", "expires_in"}
    assert answer.json["expires_in"] == 600
    said = browser.visit(answer.json["authorization_url"])
    assert said["state"] == answer.json["state"]
    assert browser.come_back(said).keys() == {"error"}  # waits for approval


def test_a_program_that_caught_the_address_gets_a_session_at_once(
    browser: Browser, acme: Issuer, admitting: Account, api: Api
) -> None:
    answer = browser.post("/auth/oauth/acme/callback", browser.visit(browser.set_out()))
    assert answer.status == 200
    assert api.as_user(answer.json["access_token"]).get("/auth/me").status == 200


def test_tokens_may_go_into_cookies(browser: Browser, acme: Issuer, admitting: Account) -> None:
    answer = browser.exchange(browser.travel()["code"], browser=True)
    assert answer.status == 200
    assert "access_token" not in answer.json
    assert browser.request("GET", "/auth/me").json["email"] == "ada@example.com"


def test_no_other_site_may_sign_a_browser_in(
    browser: Browser, acme: Issuer, admitting: Account
) -> None:
    answer = browser.post(
        "/auth/oauth/exchange",
        {"code": browser.travel()["code"], "browser": True},
        headers={"origin": "https://evil.example.com"},
    )
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN_ORIGIN"])


@pytest.mark.parametrize(
    ("authorize", "callback"),
    [
        ("/auth/google", "/auth/google/callback"),
        ("/auth/oauth/google/authorize", "/auth/oauth/google/callback"),
        ("/system/auth/oauth/google/authorize", "/system/auth/oauth/google/callback"),
    ],
)
def test_google_has_several_doors(
    browser: Browser, google: Issuer, admitting: Account, authorize: str, callback: str
) -> None:
    said = browser.come_back(browser.visit(browser.set_out(authorize)), callback)
    assert browser.exchange(said["code"]).json["user"]["email"] == "ada@example.com"


def test_providers_are_those_of_the_settings(api: Api, acme: Issuer, google: Issuer) -> None:
    answer = api.get("/auth/oauth/providers")
    assert answer.json == {"data": [{"name": "acme"}, {"name": "google"}]}


@pytest.mark.parametrize(
    "path", ["/auth/google", "/auth/oauth/acme/authorize", "/auth/oauth/acme/callback?state=x"]
)
def test_what_is_not_configured_is_not_there(api: Api, path: str) -> None:
    path, _, query = path.partition("?")
    answer = api.request("GET", path, query={"state": "x"} if query else None)
    assert (answer.status, answer.codes) == (404, ["OAUTH_PROVIDER_NOT_AVAILABLE"])


def test_an_address_told_by_userinfo_only_counts(
    browser: Browser, acme: Issuer, admitting: Account
) -> None:
    acme.only_userinfo = True
    assert browser.sign_in().json["user"]["email"] == "ada@example.com"


def test_what_is_verified_is_the_address_told_with_it(
    browser: Browser, acme: Issuer, admitting: Account
) -> None:
    acme.lies = {"email": "eve@example.com", "email_verified": None}
    assert browser.sign_in().json["user"]["email"] == "ada@example.com"


def test_a_client_may_have_to_post_its_secret(
    browser: Browser, acme: Issuer, admitting: Account
) -> None:
    acme.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    assert browser.sign_in().status == 200


@pytest.mark.parametrize(
    "odd",
    [
        {"name": "<b></b>"},
        {"name": 7, "picture": {}, "locale": ["de"], "zoneinfo": None},
        {"picture": "javascript:alert(1)", "locale": "x" * 99, "zoneinfo": "Mars/Olympus"},
        {"name": "\x00", "picture": "https://[", "zoneinfo": "../../etc/passwd"},
    ],
    ids=str,
)
def test_odd_claims_are_left_out(
    browser: Browser, acme: Issuer, admitting: Account, odd: dict[str, Any]
) -> None:
    acme.person = {"sub": "ada-1", "email": "ada@example.com", "email_verified": True, **odd}
    user = browser.sign_in().json["user"]
    assert (user["name"], user["avatar_url"], user["locale"], user["timezone"]) == (
        "ada",
        None,
        "en",
        "UTC",
    )


def test_two_tabs_do_not_disturb_each_other(
    browser: Browser, acme: Issuer, admitting: Account
) -> None:
    first, second = browser.set_out(), browser.set_out()
    codes = [browser.come_back(browser.visit(url))["code"] for url in (first, second)]
    answers = [browser.exchange(code) for code in reversed(codes)]
    assert [answer.status for answer in answers] == [200, 200]


def test_nobody_else_can_come_back_with_what_the_database_holds(
    browser: Browser, acme: Issuer, owner: Account, sql: Sql
) -> None:
    url = urlsplit(browser.set_out())
    secrets = [
        *(values[0] for values in parse_qs(url.query).values() if len(values[0]) == 43),
        browser.cookies[COOKIE],
    ]
    kept = str(sql("SELECT json_agg(t)::text FROM one_time_tokens t"))
    assert len(secrets) == 4
    assert "external_state" in kept
    assert not [secret for secret in secrets if secret in kept]


def test_a_second_factor_is_asked_for(
    browser: Browser, acme: Issuer, admitting: Account, api: Api, sql: Sql
) -> None:
    first = browser.sign_in().json
    mine = api.as_user(first["access_token"])
    begun = mine.post("/auth/second-factor/totp")
    assert begun.status in {200, 201}, begun.content
    sql("UPDATE totp_secrets SET confirmed_at = now()")
    answer = browser.sign_in()
    assert answer.status == 200
    assert answer.json["second_factor_required"] is True
    assert "access_token" not in answer.json


def test_signing_in_is_told(browser: Browser, acme: Issuer, admitting: Account, sql: Sql) -> None:
    browser.sign_in()
    told = sql("SELECT array_agg(name) FROM business_events")
    assert {"USER_REGISTERED_VIA_OAUTH", "OAUTH_ACCOUNT_LINKED", "USER_LOGIN"} <= set(told)


def test_an_unverified_account_of_another_address_is_nobodys_business(
    browser: Browser, acme: Issuer, admitting: Account, api: Api
) -> None:
    register(api, "bob@example.com")
    assert browser.sign_in().json["user"]["email"] == "ada@example.com"
