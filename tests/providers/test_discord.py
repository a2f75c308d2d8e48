"""What is Discord's alone."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import jsonschema
import pytest

from shared.channels.api.delivery import ErrorClass, Http, ProviderError, Refused, ReplyTo
from shared.channels.domain.authorization import Application
from shared.channels.domain.discord.message import SETTINGS
from shared.channels.domain.metrics import Measures
from shared.channels.domain.provider import Answer
from shared.channels.domain.tools import Tools
from tests.providers.account import Connected, called, connect, connected, publication
from tests.providers.authorizing import Person, location
from tests.providers.test_imitations import call
from tests.simulator.client import Simulator

MESSAGES = "/api/v10/channels/{}/messages"


@pytest.fixture
def discord(simulator: Simulator) -> Connected:
    return connected("discord", simulator)


@pytest.fixture
def person(simulator: Simulator) -> Person:
    return Person.at("discord", simulator)


def channels(account: Connected) -> list[dict[str, Any]]:
    provider = account.provider
    assert isinstance(provider, Tools)
    found: list[dict[str, Any]] = called(
        lambda http: provider.use_tool(http, account.credentials, "channels", {})
    )
    return found


def test_the_channels_are_those_that_can_be_written_to(discord: Connected) -> None:
    found = channels(discord)
    assert [(one["name"].partition("-")[0], one["announces"]) for one in found] == [
        ("general", False),
        ("news", True),
    ]
    assert found[0]["id"] == discord.credentials["channel"]


def test_an_author_may_choose_another_channel_and_a_thread_stays_there(discord: Connected) -> None:
    news = channels(discord)[1]["id"]
    root = discord.publish(replace(publication("In the news"), settings={"channel": news}))
    assert root.external_id.startswith(f"{news}/")
    reply_to = ReplyTo(root_id=root.external_id, parent_id=root.external_id)
    reply = replace(publication("And more"), reply_to=reply_to)
    assert discord.publish(reply).external_id.startswith(f"{news}/")
    assert discord.find(reply) is not None


def test_a_bot_keeps_to_the_server_that_was_connected(person: Person) -> None:
    """One bot is in the servers of many, who must not write to each other's."""
    ours, theirs = (person.exchange(person.code())[0] for _ in range(2))
    assert ours.credentials["access_token"] == theirs.credentials["access_token"]
    assert ours.credentials["guild"] != theirs.credentials["guild"]
    account = person.connected(ours)
    written = person.connected(theirs).publish(publication("Theirs"))
    foreign = theirs.credentials["channel"]
    reply_to = ReplyTo(root_id=written.external_id, parent_id=written.url)
    for wanted in (
        replace(publication("Into theirs"), settings={"channel": foreign}),
        replace(publication("Into theirs"), reply_to=reply_to),
    ):
        error = account.refusal(wanted)
        assert (error.error_class, error.code) == (ErrorClass.PERMISSION, "CHANNEL_MISSING")
    provider = account.provider
    assert isinstance(provider, Measures)
    with pytest.raises(Refused):
        called(lambda http: provider.post_metrics(http, account.credentials, written.external_id))
    assert len(account.receipts()) == 1


def test_by_consent_the_channels_of_a_server_are_offered(person: Person) -> None:
    accounts = person.exchange(person.code())
    assert [one.display_name.partition("-")[0].partition(",")[0] for one in accounts] == [
        "#general",
        "#news",
    ]
    for one in accounts:
        assert one.kind == "organization"
        assert person.application.client_secret not in one.credentials.values()
        person.connected(one).publish(publication(f"To {one.display_name}"))
    assert connect("discord", accounts[0].credentials).external_id == accounts[0].external_id


def test_consent_is_asked_with_what_the_bot_may_do(person: Person) -> None:
    assert person.asked["scope"] == "bot identify"
    assert int(person.asked["permissions"]) & (1 << 11), "it may send messages"
    assert int(person.asked["permissions"]) & (1 << 3) == 0, "and is no administrator"
    real = replace(person.application, server="")
    url = person.provider.authorization_url(real, person.authorization)
    assert url.startswith("https://discord.com/oauth2/authorize?")


def test_consent_needs_a_bot(person: Person) -> None:
    botless = replace(person, application=replace(person.application, bot_token=""))
    with pytest.raises(Refused) as caught:
        botless.exchange(person.code())
    assert (caught.value.error_class, caught.value.code) == (
        ErrorClass.PLATFORM,
        "APPLICATION_INCOMPLETE",
    )


@pytest.mark.parametrize("code", ["", "made-up", "x" * 5000])
def test_a_code_that_nobody_gave_is_refused(person: Person, code: str) -> None:
    assert _refusal(person, code).error_class is ErrorClass.AUTHENTICATION


def test_less_than_was_asked_for_is_refused(person: Person) -> None:
    error = _refusal(person, person.code(grant="identify"))
    assert (error.error_class, error.code) == (ErrorClass.PERMISSION, "SCOPES_MISSING")


def test_a_secret_that_is_not_the_applications_is_its_owners_to_mend(person: Person) -> None:
    wrong = Application(
        client_id=person.application.client_id,
        client_secret="wrong",
        server=person.application.server,
        bot_token=person.application.bot_token,
    )
    error = _refusal(replace(person, application=wrong), person.code())
    assert (error.error_class, error.code) == (ErrorClass.PLATFORM, "APPLICATION_REFUSED")


def _refusal(person: Person, code: str) -> ProviderError:
    with pytest.raises(Refused) as caught:
        person.exchange(code)
    return caught.value


def test_nobody_is_asked_without_permissions(person: Person) -> None:
    url = person.provider.authorization_url(person.application, person.authorization)
    with pytest.raises(HTTPError):
        location(url.partition("&permissions=")[0])


def test_it_is_counted_who_is_there(discord: Connected) -> None:
    provider = discord.provider
    assert isinstance(provider, Measures)
    receipt = discord.publish(publication("Count me"))
    told = called(lambda http: provider.account_metrics(http, discord.credentials))
    assert told == {"members": 120, "members_online": 7}
    for named in (receipt.external_id, receipt.url):
        of_post = called(lambda http: provider.post_metrics(http, discord.credentials, named))  # noqa: B023
        assert of_post == {"reactions": 3}


def test_a_talk_is_no_channel_to_write_to(simulator: Simulator) -> None:
    fields = simulator.account("discord")
    account = connect("discord", fields)
    bot = {"Authorization": f"Bot {fields['access_token']}", "User-Agent": "DiscordBot (x, 1)"}
    guild = f"{fields['server']}/api/v10/guilds/{account.credentials['guild']}/channels"
    listed = _read(guild, bot)
    with pytest.raises(Refused) as caught:
        connect("discord", {**fields, "channel": listed[2]["id"]})
    assert caught.value.code == "CHANNEL_UNSUITABLE"


def test_everyone_is_never_rung(discord: Connected) -> None:
    sent = discord.provider.preview(publication("@everyone, look"))
    assert sent.body["allowed_mentions"] == {"parse": ["users", "roles"]}
    assert sent.body["enforce_nonce"] is True
    assert len(sent.body["nonce"]) == 25


@pytest.mark.parametrize(
    "settings", [{"channel": "general"}, {"channel": 5}, {"suppress_embeds": 1}, {"x": 1}]
)
def test_nothing_else_can_be_set(settings: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SETTINGS).validate(settings)


@pytest.mark.parametrize(
    ("status", "body", "error_class", "code"),
    [
        (403, {"code": 50001, "message": "Missing Access"}, "permission", "ACCESS_MISSING"),
        (403, {"code": 50013, "message": "Missing Permissions"}, "permission", "NOT_PERMITTED"),
        (404, {"code": 10003, "message": "Unknown Channel"}, "permission", "CHANNEL_MISSING"),
        (413, {"code": 40005, "message": "Too large"}, "media", "MEDIA_TOO_LARGE"),
        (400, {"code": 50006, "message": "Empty"}, "content", "CONTENT_EMPTY"),
        (400, {"code": 200000, "message": "Blocked"}, "content", "MODERATED"),
        (429, {"code": 20016, "message": "Slow mode"}, "rate_limit", "SLOW_MODE"),
        (400, {"code": 987654, "message": "New"}, "content", "CONTENT_REFUSED"),
        (400, [], "content", "CONTENT_REFUSED"),
    ],
)
def test_what_its_codes_mean(
    discord: Connected, status: int, body: Any, error_class: str, code: str
) -> None:
    error = _answered(discord, status, body)
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == (error_class, code)


def _answered(account: Connected, status: int, body: Any) -> ProviderError:
    """The error of publishing, where Discord says that."""

    class Saying:
        def __init__(self, http: Http) -> None:
            self._http = http

        async def request(self, method: str, url: str, **arguments: Any) -> Answer:
            answer: Any = await self._http.request(method, url, **arguments)
            said: Answer = replace(answer, status=status, body=json.dumps(body).encode())
            return said

    with pytest.raises(ProviderError) as caught:
        called(lambda http: account.publishing(Saying(http), publication()))
    return caught.value


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({}, 400),
        ({"content": " \n"}, 400),
        ({"content": "x" * 2001}, 400),
        ({"content": 5}, 400),
        ({"content": "a", "text": "b"}, 400),
        ({"content": "a", "nonce": "x" * 26}, 400),
        ({"content": "a", "flags": 64}, 400),
        ({"content": "a", "allowed_mentions": {"parse": ["all"]}}, 400),
        ({"content": "a", "message_reference": {"message_id": "1"}}, 400),
        ({"content": "a", "attachments": [{"id": "0"}]}, 400),
    ],
)
def test_the_imitation_refuses_malformed_messages(
    simulator: Simulator, wish: dict[str, Any], status: int
) -> None:
    fields = simulator.account("discord")
    address = f"{fields['server']}{MESSAGES.format(fields['channel'])}"
    bot = {"Authorization": f"Bot {fields['access_token']}", "User-Agent": "DiscordBot (x, 1)"}
    assert call(address, wish, bot)[0] == status
    assert call(address, {"content": "a"}, {**bot, "Authorization": "Bot no"})[0] == 401
    other = simulator.account("discord")
    foreign = f"{fields['server']}{MESSAGES.format(other['channel'])}"
    assert call(foreign, {"content": "a"}, bot)[0] == 403
    assert simulator.receipts() == []


def _read(address: str, headers: dict[str, str]) -> Sequence[Any]:
    with urlopen(Request(address, headers=headers), timeout=5) as answer:
        found: Sequence[Any] = json.load(answer)
        return found
