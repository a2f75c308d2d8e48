"""What is looked up at a network and counted there, over HTTP."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.channels.domain.provider import ErrorClass, Refused, Unanswered
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED
from tests.accounts import Account
from tests.api import ApiAnswer
from tests.author import Author
from tests.functions.channels.consent import CLIENT_SECRET, Browser
from tests.simulator.client import Simulator

HALLS = [{"id": "1", "name": "Long hall"}]


@pytest.fixture
def connection(browser: Browser) -> str:
    connection_id: str = browser.connect()
    return connection_id


def use(browser: Browser, connection: str, name: str = "halls", **arguments: Any) -> ApiAnswer:
    path = f"/channels/connections/{connection}/tools/{name}"
    return browser.api.post(path, {"arguments": arguments} if arguments else {})


def metrics(browser: Browser, connection: str, **query: str) -> ApiAnswer:
    path = f"/channels/connections/{connection}/metrics"
    return browser.api.request("GET", path, query=query)


def test_tools_are_listed_with_what_they_take(browser: Browser, connection: str) -> None:
    answer = browser.api.get(f"/channels/connections/{connection}/tools")
    assert answer.status == 200
    assert [(each["name"], each["title"]) for each in answer.json["data"]] == [
        ("flags", "Flags"),
        ("halls", "Halls"),
    ]
    flags, halls = answer.json["data"]
    assert flags["arguments"]["properties"] == {}
    assert halls["arguments"]["required"] == ["town"]


def test_a_tool_answers_what_the_network_does(
    browser: Browser, connection: str, guild: Any
) -> None:
    guild.answer = HALLS
    answer = use(browser, connection, town="Ghent")
    assert (answer.status, answer.json) == (200, {"data": HALLS})
    assert guild.asked == [("halls", {"town": "Ghent"})]
    assert guild.shown[-1]["client_secret"] == CLIENT_SECRET, "it is asked as our application"
    assert CLIENT_SECRET not in answer.content.decode()


def test_a_tool_that_takes_nothing_needs_no_arguments(
    browser: Browser, connection: str, guild: Any
) -> None:
    guild.answer = []
    assert use(browser, connection, "flags").json == {"data": []}


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        ({}, ["arguments"]),
        ({"town": ""}, ["arguments.town"]),
        ({"town": 5, "x": 1}, ["arguments.town", "arguments.x"]),
    ],
)
def test_arguments_that_the_tool_does_not_take_are_told_all_at_once(
    browser: Browser, connection: str, guild: Any, arguments: dict[str, Any], fields: list[str]
) -> None:
    answer = use(browser, connection, **arguments)
    assert answer.status == 400
    assert sorted(error["field"] for error in answer.json["errors"]) == fields
    assert guild.asked == []


def test_there_is_no_other_tool(browser: Browser, connection: str) -> None:
    answer = use(browser, connection, "walls")
    assert (answer.status, answer.codes) == (404, ["TOOL_NOT_FOUND"])


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refused(ErrorClass.CONTENT, "NO_TOWN", "No such town"), 400, "ARGUMENTS_REFUSED"),
        (Refused(ErrorClass.PERMISSION, "NO", "Not you"), 409, "CONNECTION_REFUSED"),
        (Refused(ErrorClass.AUTHENTICATION, "NO", "Who?"), 409, "CONNECTION_REFUSED"),
        (
            Refused(ErrorClass.RATE_LIMIT, "SLOW", "Later", retry_after=9),
            503,
            "CHANNEL_UNAVAILABLE",
        ),
        (Unanswered(ErrorClass.NETWORK, "NO_ANSWER", "Gone"), 503, "CHANNEL_UNAVAILABLE"),
        (KeyError("town"), 503, "CHANNEL_UNAVAILABLE"),
    ],
)
def test_a_refusal_is_told_in_the_networks_words(
    browser: Browser, connection: str, guild: Any, error: Exception, status: int, code: str
) -> None:
    guild.error = error
    answer = use(browser, connection, town="Ghent")
    assert (answer.status, answer.codes) == (status, [code])
    meta = answer.json["errors"][0]["meta"]
    assert meta["words"] == getattr(error, "words", "The answer was not understood (KeyError)")
    shown = browser.api.get(f"/channels/connections/{connection}").json["data"]
    assert shown["status"] == "connected"


def test_what_cannot_be_answered_is_the_networks_fault(
    browser: Browser, connection: str, guild: Any
) -> None:
    guild.answer = {1j}
    assert use(browser, connection, town="Ghent").codes == ["CHANNEL_UNAVAILABLE"]


def test_credentials_that_have_expired_are_renewed_and_it_is_asked_again(
    browser: Browser, guild: Any
) -> None:
    guild.lasts = timedelta(hours=2)
    connection = browser.connect()
    guild.answer = HALLS
    guild.error = Refused(ErrorClass.AUTHENTICATION, CREDENTIALS_EXPIRED, "Too old")
    assert use(browser, connection, town="Ghent").json == {"data": HALLS}
    assert len(guild.asked) == 2
    assert guild.shown[-1]["access_token"] == "renewed-token"


def test_metrics_of_an_account_and_of_a_post(browser: Browser, connection: str, guild: Any) -> None:
    guild.answer = {"followers": 12}
    answer = metrics(browser, connection)
    assert answer.status == 200
    told = answer.json["data"]
    assert (told["connection_id"], told["external_id"], told["metrics"]) == (
        connection,
        None,
        {"followers": 12},
    )
    assert told["measured_at"].endswith("Z")
    guild.answer = {"likes": 3}
    told = metrics(browser, connection, external_id="at://did/post/1").json["data"]
    assert (told["external_id"], told["metrics"]) == ("at://did/post/1", {"likes": 3})
    assert guild.asked == [("account", {}), ("at://did/post/1", {})]


@pytest.mark.parametrize("external_id", ["", "a b", "x" * 501, "a\nb"])
def test_an_id_that_is_none_is_refused(
    browser: Browser, connection: str, guild: Any, external_id: str
) -> None:
    answer = metrics(browser, connection, external_id=external_id)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert guild.asked == []


def test_what_is_disconnected_asks_nothing(browser: Browser, connection: str, guild: Any) -> None:
    browser.api.delete(f"/channels/connections/{connection}")
    for answer in (use(browser, connection, town="Ghent"), metrics(browser, connection)):
        assert (answer.status, answer.codes) == (409, ["CONNECTION_DISCONNECTED"])
    assert guild.asked == []


def test_another_organizations_account_is_out_of_reach(
    connection: str, stranger: Account, guild: Any
) -> None:
    theirs = Browser(stranger.api)
    listed = stranger.api.get(f"/channels/connections/{connection}/tools")
    for answer in (listed, use(theirs, connection, town="Ghent"), metrics(theirs, connection)):
        assert (answer.status, answer.codes) == (403, ["CONNECTION_ACCESS_DENIED"])
    assert guild.asked == []


@pytest.mark.parametrize("unknown", ["nothing", str(uuid4())])
def test_an_account_that_is_none(browser: Browser, unknown: str) -> None:
    listed = browser.api.get(f"/channels/connections/{unknown}/tools")
    for answer in (listed, use(browser, unknown), metrics(browser, unknown)):
        assert (answer.status, answer.codes) == (404, ["CONNECTION_NOT_FOUND"])


def test_a_network_without_either(owner: Account, simulator: Simulator) -> None:
    connection = Author.of(owner).connect("bluesky")
    path = f"/channels/connections/{connection}"
    assert owner.api.get(f"{path}/tools").json == {"data": []}
    assert owner.api.post(f"{path}/tools/halls", {}).codes == ["TOOL_NOT_FOUND"]
    assert owner.api.get(f"{path}/metrics").codes == ["METRICS_NOT_FOUND"]
