"""Connecting by consent at the network: the way there and back, and whoever must not come back."""

from typing import Any

import pytest
from sqlalchemy import text

from shared.channels.domain.provider import ErrorClass, Refused, Unanswered
from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.api import Api
from tests.functions.channels.consent import (
    CALLBACK,
    CLIENT_ID,
    CLIENT_SECRET,
    PAGE,
    Browser,
    asked_of,
    configure,
)
from tests.refresher import credentials_of


def change(statement: str, **values: Any) -> None:
    with engine().begin() as database:
        assert database.execute(text(statement), values).rowcount


def journeys() -> int:
    with engine().connect() as database:
        return database.scalar(text("SELECT count(*) FROM channel_journeys")) or 0


def test_the_answer_says_where_to_go(browser: Browser) -> None:
    departure = browser.set_out()
    assert departure["expires_in"] == 300
    assert departure["channel_key"] == "guild"
    assert departure["auth_url"] == departure["authorization_url"]
    asked = asked_of(departure["auth_url"])
    assert asked["state"] == departure["state"]
    assert asked["client_id"] == CLIENT_ID
    assert asked["redirect_uri"] == CALLBACK.format("guild")
    assert len(asked["code_challenge"]) == 43


def test_asking_twice_is_two_ways(browser: Browser) -> None:
    first, second = browser.set_out(), browser.set_out()
    assert first["state"] != second["state"]
    assert (
        asked_of(first["auth_url"])["code_challenge"]
        != (asked_of(second["auth_url"])["code_challenge"])
    )
    for departure in (first, second):
        assert browser.come_back({"code": "good", "state": departure["state"]})


def test_the_older_door_does_the_same(browser: Browser) -> None:
    answer = browser.request("GET", "/channels/guild/auth-url")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert browser.complete(code="good", state=answer.json["state"]).status == 201


def test_whoever_began_completes(browser: Browser, guild: Any) -> None:
    departure = browser.set_out(display_name="Our guild")
    answer = browser.complete(code="good", state=departure["state"])
    assert answer.status == 201
    (connection,) = answer.json["connections"]
    assert connection["account_username"] == "@ada"
    assert connection["display_name"] == "Our guild"
    assert connection["status"] == "connected"
    ((application, authorization, code),) = guild.exchanges
    assert (application.client_id, application.client_secret) == (CLIENT_ID, CLIENT_SECRET)
    assert code == "good"
    asked = asked_of(departure["auth_url"])
    assert authorization.code_challenge == asked["code_challenge"]
    assert authorization.redirect_uri == asked["redirect_uri"]
    assert browser.connections() == [connection]


def test_a_browser_comes_back_by_itself(browser: Browser) -> None:
    state = browser.set_out()["state"]
    told = browser.come_back({"code": "good", "state": state, "iss": "ignored"})
    (connection,) = browser.connections()
    assert told == {"connected": connection["id"]}


def test_nothing_of_the_application_stays_with_the_account(browser: Browser) -> None:
    credentials = credentials_of(browser.connect())
    assert credentials == {
        "account": "ada",
        "access_token": "token-of-ada",
        "refresh_token": "refresh-token-of-ada",
    }


@pytest.mark.parametrize("by", ["complete", "redirect"])
def test_a_state_is_good_once(browser: Browser, guild: Any, by: str) -> None:
    state = browser.set_out()["state"]
    assert browser.complete(code="good", state=state).status == 201
    if by == "complete":
        answer = browser.complete(code="good", state=state)
        assert (answer.status, answer.codes) == (403, ["INVALID_STATE"])
    else:
        told = browser.come_back({"code": "good", "state": state})
        assert told == {"error": "INVALID_STATE"}
    assert len(guild.exchanges) == 1
    assert journeys() == 0


def test_a_state_lasts_five_minutes(browser: Browser, guild: Any) -> None:
    state = browser.set_out()["state"]
    change("UPDATE channel_journeys SET expires_at = now() - interval '1 second'")
    assert browser.complete(code="good", state=state).codes == ["INVALID_STATE"]
    assert not guild.exchanges


@pytest.mark.parametrize("state", ["", "x", "\0", "ü" * 50, "' OR 1=1 --"])
def test_a_state_that_there_never_was(browser: Browser, guild: Any, state: str) -> None:
    assert browser.come_back({"code": "good", "state": state}) == {"error": "INVALID_STATE"}
    assert browser.complete(code="good", state=state or "x").status == 403
    assert not guild.exchanges


def test_somebody_else_completes_nothing(browser: Browser, stranger: Account, guild: Any) -> None:
    state = browser.set_out()["state"]
    thief = Browser(stranger.api)
    assert thief.complete(code="good", state=state).codes == ["INVALID_STATE"]
    assert not guild.exchanges
    assert browser.complete(code="good", state=state).status == 201


def test_the_redirect_wants_the_browser_that_set_out(
    browser: Browser, stranger: Account, guild: Any
) -> None:
    """Or whoever began could have somebody else say yes, and publish for them."""
    configure(stranger.api)
    state = browser.set_out()["state"]
    other = Browser(stranger.api)
    other.set_out()
    for tricked in (Browser(stranger.api), other):
        told = tricked.come_back({"code": "of the victim", "state": state})
        assert told == {"error": "INVALID_STATE"}
    assert not guild.exchanges
    assert browser.come_back({"code": "good", "state": state}).keys() == {"connected"}


def test_the_redirect_is_the_channels_own(browser: Browser, guild: Any) -> None:
    state = browser.set_out()["state"]
    told = browser.come_back({"code": "good", "state": state}, channel="mastodon")
    assert told == {"error": "INVALID_STATE"}
    assert not guild.exchanges


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE users SET status = 'disabled' WHERE id = :user",
        "UPDATE memberships SET role = 'viewer' WHERE user_id = :user",
        "DELETE FROM memberships WHERE user_id = :user",
    ],
)
def test_whoever_may_no_longer_connect_comes_back_for_nothing(
    stranger: Account, guild: Any, statement: str
) -> None:
    configure(stranger.api)
    browser = Browser(stranger.api)
    state = browser.set_out()["state"]
    change(statement, user=stranger.user_id)
    assert browser.come_back({"code": "good", "state": state}) == {"error": "INVALID_STATE"}
    assert not guild.exchanges


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser: Browser) -> None:
    answer = browser.request("POST", "/channels/connect", json={"channel_id": "guild"})
    (cookie,) = answer.set_cookies
    for word in ("__Host-luxaris-connecting=", "HttpOnly", "Secure", "SameSite=lax", "Max-Age=300"):
        assert word in cookie


def test_whoever_says_no_is_told_so(browser: Browser, guild: Any) -> None:
    state = browser.set_out()["state"]
    told = browser.come_back({"error": "access_denied", "state": state})
    assert told == {"error": "OAUTH_DENIED"}
    answer = browser.complete(error="access_denied", state=browser.set_out()["state"])
    assert (answer.status, answer.codes) == (403, ["OAUTH_DENIED"])
    assert not guild.exchanges
    assert journeys() == 0


def test_a_network_that_reports_an_error(browser: Browser) -> None:
    answer = browser.complete(error="server_error", state=browser.set_out()["state"])
    assert (answer.status, answer.codes) == (502, ["OAUTH_PROVIDER_ERROR"])


def test_a_return_without_a_code(browser: Browser) -> None:
    answer = browser.complete(state=browser.set_out()["state"])
    assert (answer.status, answer.codes) == (400, ["MISSING_AUTHORIZATION_CODE"])


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused(ErrorClass.PERMISSION, "SCOPES_MISSING", "no posts"), 400, "SCOPES_MISSING"),
        (Refused(ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED", "no"), 400, "OAUTH_FAILED"),
        (Unanswered(ErrorClass.NETWORK, "NO_ANSWER", "?"), 503, "CHANNEL_UNAVAILABLE"),
        (Refused(ErrorClass.RATE_LIMIT, "RATE_LIMITED", "slow"), 503, "CHANNEL_UNAVAILABLE"),
        (KeyError("expires_in"), 503, "CHANNEL_UNAVAILABLE"),
    ],
)
def test_what_the_network_does_not_give_is_not_half_kept(
    browser: Browser, guild: Any, error: Exception, status: int, code: str
) -> None:
    guild.error = error
    answer = browser.complete(code="good", state=browser.set_out()["state"])
    assert (answer.status, answer.codes) == (status, [code])
    assert browser.connections() == []
    assert journeys() == 0


def test_no_secret_is_quoted(browser: Browser, guild: Any) -> None:
    words = f"{CLIENT_SECRET} the-code"
    guild.error = Refused(ErrorClass.AUTHENTICATION, "NO", words)
    answer = browser.complete(code="the-code", state=browser.set_out()["state"])
    assert answer.json["errors"][0]["meta"]["words"] == "[removed] [removed]"


def test_nobody_there_to_publish_for(browser: Browser, guild: Any) -> None:
    guild.offers = []
    answer = browser.complete(code="good", state=browser.set_out()["state"])
    assert (answer.status, answer.codes) == (400, ["NO_ACCOUNTS"])


def test_an_account_that_is_connected_already(browser: Browser) -> None:
    first = browser.connect()
    answer = browser.complete(code="good", state=browser.set_out()["state"])
    assert (answer.status, answer.codes) == (409, ["CONNECTION_ALREADY_EXISTS"])
    assert [one["id"] for one in browser.connections()] == [first]


def test_one_that_was_disconnected_comes_back_under_its_id(browser: Browser) -> None:
    first = browser.connect()
    assert browser.api.delete(f"/channels/connections/{first}").status == 200
    assert browser.connect() == first


def test_a_page_of_the_front_end_may_be_come_back_to(browser: Browser, guild: Any) -> None:
    page = "http://localhost:3000/channels/new?step=2"
    departure = browser.set_out(redirect_uri=page)
    assert asked_of(departure["auth_url"])["redirect_uri"] == page
    assert browser.complete(code="good", state=departure["state"]).status == 201
    assert guild.exchanges[0][1].redirect_uri == page


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "http://localhost:3000.evil.example/",
        "http://localhost:3000@evil.example/",
        "http://localhost:3000\\@evil.example/",
        "http://localhost:3000/#fragment",
        "http://localhost:3000/a b",
        "http://localhost:3000/\n",
        "http://localhost:3000/ü",
        "http://localhost:3000/" + "a" * 500,
        "http://localhost:8000/api/v1/channels/oauth/mastodon/callback",
        "javascript:alert(1)",
        "//localhost:3000/",
        "/channels",
    ],
)
def test_nowhere_else(browser: Browser, elsewhere: str) -> None:
    body = {"channel_id": "guild", "redirect_uri": elsewhere}
    answer = browser.request("POST", "/channels/connect", json=body)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert answer.json["errors"][0]["field"] == "redirect_uri"
    assert journeys() == 0


def test_without_an_application_nobody_is_sent_anywhere(owner: Account, guild: Any) -> None:
    answer = owner.api.post("/channels/connect", {"channel_id": "guild"})
    assert (answer.status, answer.codes) == (503, ["OAUTH_NOT_CONFIGURED"])
    assert owner.api.get("/channels/guild/auth-url").codes == ["OAUTH_NOT_CONFIGURED"]


def test_an_application_that_is_gone_meanwhile(browser: Browser, guild: Any) -> None:
    state = browser.set_out()["state"]
    assert browser.api.delete("/channels/guild/oauth-credentials").status == 200
    assert browser.complete(code="good", state=state).codes == ["INVALID_STATE"]


def test_where_no_consent_is_asked_for(owner: Account) -> None:
    answer = owner.api.get("/channels/bluesky/auth-url")
    assert (answer.status, answer.codes) == (400, ["CHANNEL_NOT_SUPPORTED"])
    assert owner.api.get("/channels/myspace/auth-url").codes == ["CHANNEL_NOT_FOUND"]
    fields = owner.api.post("/channels/connect", {"channel_id": "bluesky"})
    assert fields.codes == ["VALIDATION_ERROR", "VALIDATION_ERROR"]


def test_a_server_where_there_is_but_one(browser: Browser) -> None:
    body = {"channel_id": "guild", "server": "guild.example"}
    answer = browser.request("POST", "/channels/connect", json=body)
    assert answer.codes == ["VALIDATION_ERROR"]


def test_who_may_only_look_is_sent_nowhere(viewer: Account, guild: Any) -> None:
    for answer in (
        viewer.api.post("/channels/connect", {"channel_id": "guild"}),
        viewer.api.get("/channels/guild/auth-url"),
        viewer.api.post("/channels/connect/complete", {"code": "good", "state": "x"}),
    ):
        assert answer.codes == ["FORBIDDEN"]


def test_a_key_for_another_channel_is_sent_nowhere(api: Api, browser: Browser, guild: Any) -> None:
    body = {"name": "Key", "scopes": ["channels:connect"], "channels": ["mastodon"]}
    key = api.as_user(browser.api.post("/api-keys", body).json["data"]["key"])
    answer = key.post("/channels/connect", {"channel_id": "guild", "redirect_uri": PAGE})
    assert answer.codes == ["CHANNEL_ACCESS_DENIED"]
    state = browser.set_out()["state"]
    assert key.post("/channels/connect/complete", {"code": "good", "state": state}).codes == [
        "INVALID_STATE"
    ]


def test_no_browser_comes_back_for_a_key(api: Api, browser: Browser, guild: Any) -> None:
    """It would act as the whole person, whatever the key may not, and after the key has ended."""
    body = {"name": "Key", "scopes": ["channels:connect"]}
    program = Browser(api.as_user(browser.api.post("/api-keys", body).json["data"]["key"]))
    for method, path, wish in (
        ("POST", "/channels/connect", {"json": {"channel_id": "guild"}}),
        ("GET", "/channels/guild/auth-url", {}),
        ("POST", f"/channels/connections/{browser.connect()}/reconnect", {"json": {}}),
    ):
        answer = program.request(method, path, **wish)
        assert (answer.status, answer.codes) == (403, ["SESSION_REQUIRED"])
    browser.set_out()
    program.cookies = dict(browser.cookies)
    state = program.set_out(redirect_uri=PAGE)["state"]
    assert program.cookies == browser.cookies
    assert browser.come_back({"code": "good", "state": state}) == {"error": "INVALID_STATE"}
    guild.offers = ["grace"]
    assert program.complete(code="good", state=state).status == 201


def test_the_database_keeps_neither_state_nor_verifier(browser: Browser, guild: Any) -> None:
    departure = browser.set_out()
    with engine().connect() as database:
        row = database.execute(text("SELECT * FROM channel_journeys")).mappings().one()
    kept = b"".join(
        value if isinstance(value, bytes) else str(value).encode() for value in row.values()
    )
    browser.complete(code="good", state=departure["state"])
    secrets = [departure["state"], guild.exchanges[0][1].code_verifier, *browser.cookies.values()]
    assert not [secret for secret in secrets if secret.encode() in kept]


def test_the_same_request_again_is_answered_without_the_state(browser: Browser) -> None:
    body = {"channel_id": "guild"}
    key = {"Idempotency-Key": "once"}
    assert browser.api.post("/channels/connect", body, headers=key).status == 200
    assert browser.api.post("/channels/connect", body, headers=key).codes == ["ANSWER_SHOWN_ONCE"]
