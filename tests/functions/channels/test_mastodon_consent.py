"""Mastodon by consent: we make ourselves known at a server, once, and go the strict one's way."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from sqlalchemy import text

from shared.channels.adapters.authorizing import SERVERS_A_DAY
from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.author import Author
from tests.functions.channels.consent import CALLBACK, PAGE, Browser, asked_of
from tests.functions.channels.instance import Instance
from tests.refresher import credentials_of
from tests.simulator.client import Simulator

_LONG = json.dumps({"client_id": "x", "client_secret": "x" * 1001}).encode()


@pytest.fixture
def browser(owner: Account) -> Browser:
    return Browser(owner.api)


@pytest.fixture
def server(simulator: Simulator) -> str:
    return f"{simulator.url}/mastodon"


def visit(url: str, **more: str) -> dict[str, str]:
    """Say yes or no there; answers what is in the address it sends the browser back to."""
    answer = requests.get(url, params=more, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def set_out(browser: Browser, server: str, **more: Any) -> str:
    url: str = browser.set_out("mastodon", server=server, **more)["authorization_url"]
    return url


def registered() -> int:
    with engine().connect() as database:
        return database.scalar(text("SELECT count(*) FROM platform_applications")) or 0


def test_the_way_there_and_back(browser: Browser, server: str, simulator: Simulator) -> None:
    url = set_out(browser, server)
    asked = asked_of(url)
    assert asked["redirect_uri"] == CALLBACK.format("mastodon")
    assert asked["scope"] == "read:accounts read:statuses write:statuses write:media"
    assert asked["code_challenge_method"] == "S256"
    told = browser.come_back(visit(url), channel="mastodon")
    (connection,) = browser.connections()
    assert told == {"connected": connection["id"]}
    assert connection["health"] == "healthy"
    assert credentials_of(connection["id"]).keys() == {"instance", "access_token", "account_id"}
    assert browser.api.post(f"/channels/connections/{connection['id']}/test").json["success"]


def test_what_is_connected_so_is_published_to(
    browser: Browser, server: str, simulator: Simulator
) -> None:
    known = browser.come_back(visit(set_out(browser, server)), channel="mastodon")["connected"]
    author = Author(browser.api)
    _, variant = author.write("Good morning")
    assert author.try_to_schedule(variant, known).status == 201


def test_we_are_made_known_once(browser: Browser, server: str, stranger: Account) -> None:
    first, second = set_out(browser, server), set_out(browser, f"{server}/")
    third = set_out(Browser(stranger.api), server)
    assert len({asked_of(url)["client_id"] for url in (first, second, third)}) == 1
    assert registered() == 1
    for page in (PAGE, "http://localhost:3000/"):
        set_out(browser, server, redirect_uri=page)
    assert registered() == 3


@pytest.mark.parametrize("page", ["channels/new", "channels/callback?step=2", "?1", "a", "//"])
def test_a_server_is_not_told_of_any_page_there_is(
    browser: Browser, instance: Instance, page: str
) -> None:
    """Each would be a row for ever."""
    body = {
        "channel_id": "mastodon",
        "server": instance.url,
        "redirect_uri": f"http://localhost:3000/{page}",
    }
    answer = browser.request("POST", "/channels/connect", json=body)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert answer.json["errors"][0]["field"] == "redirect_uri"
    assert instance.calls == 0


def test_an_organization_meets_so_many_servers_a_day(
    browser: Browser, instance: Instance, stranger: Account
) -> None:
    instance.instead = (200, b'{"client_id": "id", "client_secret": "secret"}')
    for number in range(SERVERS_A_DAY):
        set_out(browser, f"{instance.url}/{number}")
    set_out(browser, f"{instance.url}/0")
    body = {"channel_id": "mastodon", "server": f"{instance.url}/new"}
    answer = browser.request("POST", "/channels/connect", json=body)
    assert (answer.status, answer.codes) == (429, ["TOO_MANY_SERVERS"])
    assert instance.calls == registered() == SERVERS_A_DAY
    set_out(Browser(stranger.api), f"{instance.url}/new")


def test_in_production_a_server_is_spoken_to_by_https(
    browser: Browser, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    body = {"channel_id": "mastodon", "server": instance.url}
    answer = browser.request("POST", "/channels/connect", json=body)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert instance.calls == 0


def test_its_secret_is_sealed(browser: Browser, server: str) -> None:
    client_id = asked_of(set_out(browser, server))["client_id"]
    with engine().connect() as database:
        row = database.execute(text("SELECT * FROM platform_applications")).one()
    whole = b"".join(each if isinstance(each, bytes) else str(each).encode() for each in row)
    assert client_id.encode() not in whole


def test_a_second_account_of_the_same_server(browser: Browser, server: str) -> None:
    for _ in range(2):
        said = visit(set_out(browser, server))
        assert browser.come_back(said, channel="mastodon").keys() == {"connected"}
    assert len(browser.connections()) == 2


def test_whoever_says_no(browser: Browser, server: str) -> None:
    said = visit(set_out(browser, server), deny="1")
    assert browser.come_back(said, channel="mastodon") == {"error": "OAUTH_DENIED"}
    assert browser.connections() == []


def test_whoever_allows_less(browser: Browser, server: str) -> None:
    said = visit(set_out(browser, server), allow="read:accounts write:media")
    answer = browser.complete(code=said["code"], state=said["state"])
    assert (answer.status, answer.codes) == (400, ["SCOPES_MISSING"])
    words = answer.json["errors"][0]["meta"]["words"]
    assert words == "Not granted: read:statuses, write:statuses"
    assert browser.connections() == []


def test_whoever_allows_more(browser: Browser, server: str) -> None:
    said = visit(set_out(browser, server), allow="read write")
    assert browser.complete(code=said["code"], state=said["state"]).status == 201


def test_a_code_of_somebody_elses_way(browser: Browser, server: str) -> None:
    """It goes with another verifier, which the server knows."""
    theirs, own = visit(set_out(browser, server)), visit(set_out(browser, server))
    answer = browser.complete(code=theirs["code"], state=own["state"])
    assert (answer.status, answer.codes) == (400, ["OAUTH_FAILED"])
    assert browser.connections() == []


def test_the_token_is_revoked_with_the_connection(browser: Browser, server: str) -> None:
    known = browser.come_back(visit(set_out(browser, server)), channel="mastodon")["connected"]
    token = credentials_of(known)["access_token"]
    address = f"{server}/api/v1/accounts/verify_credentials"
    proof = {"Authorization": f"Bearer {token}"}
    assert requests.get(address, headers=proof, timeout=5).status_code == 200
    assert browser.api.delete(f"/channels/connections/{known}").status == 200
    assert requests.get(address, headers=proof, timeout=5).status_code == 401


def test_a_token_that_was_typed_is_left_alone(browser: Browser, simulator: Simulator) -> None:
    fields = simulator.account("mastodon")
    body = {"channel_id": "mastodon", "credentials": fields}
    known = browser.api.post("/channels/connect", body).json["id"]
    assert browser.api.delete(f"/channels/connections/{known}").status == 200
    assert browser.api.post("/channels/connect", body).json["id"] == known


def test_reconnecting_goes_to_the_same_server(browser: Browser, server: str) -> None:
    known = browser.come_back(visit(set_out(browser, server)), channel="mastodon")["connected"]
    (before,) = browser.connections()
    browser.api.delete(f"/channels/connections/{known}")
    answer = browser.request("POST", f"/channels/connections/{known}/reconnect", json={})
    url = answer.json["authorization_url"]
    assert url.startswith(f"{server}/oauth/authorize?")
    said = visit(url)
    assert browser.complete(code=said["code"], state=said["state"]).codes == [
        "CONNECTION_ACCOUNT_CHANGED"
    ]
    again = browser.request("POST", f"/channels/connections/{known}/reconnect", json={}).json
    name = before["account_username"].split("@")[1]
    said = visit(again["authorization_url"], account=name)
    answer = browser.complete(code=said["code"], state=said["state"])
    assert [one["id"] for one in answer.json["connections"]] == [known]


def test_a_server_is_needed(browser: Browser) -> None:
    answer = browser.request("POST", "/channels/connect", json={"channel_id": "mastodon"})
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert answer.json["errors"][0]["field"] == "server"


@pytest.mark.parametrize("server", ["a b", "ftp://a.example", "://", "a" * 300])
def test_an_address_that_is_none(browser: Browser, server: str) -> None:
    answer = browser.request(
        "POST", "/channels/connect", json={"channel_id": "mastodon", "server": server}
    )
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "169.254.169.254", "[::ffff:127.0.0.1]", "2130706433"]
)
def test_this_machine_is_not_a_server(
    browser: Browser, instance: Instance, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "false")
    body = {"channel_id": "mastodon", "server": instance.url.replace("127.0.0.1", host)}
    answer = browser.request("POST", "/channels/connect", json=body)
    assert (answer.status, answer.codes) == (503, ["CHANNEL_UNAVAILABLE"])
    assert instance.calls == 0
    assert registered() == 0


@pytest.mark.parametrize(
    ("instead", "status", "code"),
    [
        ((422, b'{"error": "Validation failed"}'), 400, "OAUTH_FAILED"),
        ((403, b'{"error": "This method requires an authenticated user"}'), 400, "OAUTH_FAILED"),
        ((404, b"<html>"), 400, "OAUTH_FAILED"),
        ((500, b"oops"), 503, "CHANNEL_UNAVAILABLE"),
        ((429, b"{}"), 503, "CHANNEL_UNAVAILABLE"),
        ((200, b"<html>"), 503, "CHANNEL_UNAVAILABLE"),
        ((200, b"[]"), 503, "CHANNEL_UNAVAILABLE"),
        ((200, b'{"client_id": 7, "client_secret": []}'), 503, "CHANNEL_UNAVAILABLE"),
        ((200, b'{"client_id": "", "client_secret": "x"}'), 503, "CHANNEL_UNAVAILABLE"),
        ((200, _LONG), 503, "CHANNEL_UNAVAILABLE"),
    ],
)
def test_a_server_that_does_not_want_to_know_us(
    browser: Browser, instance: Instance, instead: tuple[int, bytes], status: int, code: str
) -> None:
    instance.instead = instead
    body = {"channel_id": "mastodon", "server": instance.url}
    answer = browser.request("POST", "/channels/connect", json=body)
    assert (answer.status, answer.codes) == (status, [code])
    assert registered() == 0
