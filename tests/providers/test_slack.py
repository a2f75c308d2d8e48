"""What is Slack's alone."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.error import HTTPError

import jsonschema
import pytest

from shared.channels.api import delivery
from shared.channels.api.delivery import (
    ErrorClass,
    Http,
    Pending,
    ProviderError,
    Publication,
    Refused,
    ReplyTo,
)
from shared.channels.domain.media import MediaKind
from shared.channels.domain.metrics import Measures
from shared.channels.domain.provider import Answer
from shared.channels.domain.slack.message import SETTINGS
from shared.channels.domain.tools import Tools
from tests.providers.account import Connected, called, connect, connected, publication
from tests.providers.attachments import attachment
from tests.providers.authorizing import Person, location
from tests.providers.test_imitations import call
from tests.simulator.client import Simulator


@pytest.fixture
def slack(simulator: Simulator) -> Connected:
    return connected("slack", simulator)


@pytest.fixture
def person(simulator: Simulator) -> Person:
    return Person.at("slack", simulator)


def channels(account: Connected) -> list[dict[str, Any]]:
    provider = account.provider
    assert isinstance(provider, Tools)
    found: list[dict[str, Any]] = called(
        lambda http: provider.use_tool(http, account.credentials, "channels", {})
    )
    return found


def shown(account: Connected) -> Publication:
    rules = account.provider.media_rules({})
    picture = attachment(rules, MediaKind.IMAGE, alt_text="A cup")
    return replace(publication("Look"), attachments=(picture,))


def test_all_channels_are_found_whatever_pages_they_are_on(slack: Connected) -> None:
    found = channels(slack)
    assert [one["name"].partition("-")[0] for one in found] == ["general", "news", "tea"]
    assert found[0]["id"] == slack.credentials["channel"]


def test_the_bot_joins_a_channel_when_it_first_writes_there(slack: Connected) -> None:
    tea = channels(slack)[2]["id"]
    wanted = replace(publication("Into another"), settings={"channel": tea})
    assert slack.find(wanted) is None, "where it is not it has written nothing"
    receipt = slack.publish(wanted)
    assert receipt.external_id.startswith(f"{tea}/")
    assert slack.find(wanted) == receipt


def test_a_thread_stays_in_its_channel_and_has_one_level(slack: Connected) -> None:
    tea = channels(slack)[2]["id"]
    root = slack.publish(replace(publication("Root"), settings={"channel": tea}))
    first = replace(
        publication("First"), reply_to=ReplyTo(root_id=root.url, parent_id=root.external_id)
    )
    sent = slack.publish(first)
    second = replace(
        publication("Second"),
        reply_to=ReplyTo(root_id=root.external_id, parent_id=sent.external_id),
    )
    slack.publish(second)
    assert [each["parent"] for each in slack.receipts()] == [None, *[root.external_id] * 2]
    assert slack.find(first) == sent


def test_two_messages_of_one_text_are_told_apart_by_their_keys(slack: Connected) -> None:
    one, other = publication("Good morning"), publication("Good morning")
    first, second = slack.publish(one), slack.publish(other)
    assert [slack.find(each) for each in (one, other)] == [first, second]


def test_files_are_told_of_before_they_are_shared(slack: Connected) -> None:
    wanted = shown(slack)
    answer = called(lambda http: delivery.publish(http, slack.opened, wanted))
    assert isinstance(answer, Pending)
    assert answer.progress["files"].startswith("F")
    assert not answer.is_under_way
    assert slack.receipts() == []


def test_what_was_shared_and_never_told_is_found_by_its_files(slack: Connected) -> None:
    wanted = shown(slack)
    uploaded = called(lambda http: delivery.publish(http, slack.opened, wanted))
    assert isinstance(uploaded, Pending)
    wanted = replace(wanted, progress=uploaded.progress)
    assert slack.find(wanted) is None
    slack.fail("fail_after_accepting", text_contains="Look")
    slack.refusal(wanted)
    found = slack.find(wanted)
    (arrived,) = slack.receipts()
    assert found is not None
    assert found.external_id == arrived["id"]


def test_what_is_shared_is_not_shared_again_where_it_cannot_be_asked_about(
    slack: Connected,
) -> None:
    """Only the message's own name is missing then."""
    wanted = shown(slack)
    uploaded = called(lambda http: delivery.publish(http, slack.opened, wanted))
    assert isinstance(uploaded, Pending)

    class Mute:
        def __init__(self, http: Http) -> None:
            self._http = http

        async def request(self, method: str, url: str, **arguments: Any) -> Answer:
            answer: Any = await self._http.request(method, url, **arguments)
            said: Answer = answer
            if url.endswith("files.info"):
                said = replace(answer, body=b'{"ok": false, "error": "ratelimited"}')
            return said

    wanted = replace(wanted, progress=uploaded.progress)
    slack.publish(publication("So that the bot is in the channel"))
    shared = called(lambda http: delivery.publish(Mute(http), slack.opened, wanted))
    assert isinstance(shared, Pending)
    assert shared.is_under_way
    receipt = slack.publish(replace(wanted, progress=shared.progress))
    assert [each["id"] for each in slack.receipts()][1:] == [receipt.external_id]


def test_marks_are_shown_as_they_were_written(slack: Connected) -> None:
    text = "a < b & b > c <!channel> <https://x.example|y>"
    slack.publish(publication(text))
    assert [each["text"] for each in slack.receipts()] == [text]
    assert slack.provider.count("<&>") == len("&lt;&amp;&gt;")


def test_a_scope_that_is_missing_is_named(simulator: Simulator) -> None:
    slack = connected("slack", simulator, without=["chat:write"])
    error = slack.refusal(publication())
    assert (error.error_class, error.code) == (ErrorClass.PERMISSION, "SCOPES_MISSING")
    assert "chat:write" in error.words


@pytest.mark.parametrize(
    ("error", "error_class"),
    [
        ("is_archived", "permission"),
        ("restricted_action", "permission"),
        ("account_inactive", "authentication"),
        ("storage_limit_reached", "quota"),
        ("message_limit_exceeded", "quota"),
        ("msg_too_long", "content"),
        ("blocked_file_type", "media"),
        ("something_new", "content"),
    ],
)
def test_what_it_says_by_200_is_an_error(slack: Connected, error: str, error_class: str) -> None:
    refusal = _answered(slack, {"ok": False, "error": error})
    assert isinstance(refusal, Refused)
    assert (refusal.error_class, refusal.words) == (error_class, error)


@pytest.mark.parametrize("body", [{"ok": False, "error": "fatal_error"}, {"ok": 1}, [], {}])
def test_what_says_too_little_is_uncertain(slack: Connected, body: Any) -> None:
    assert not isinstance(_answered(slack, body), Refused)


def _answered(account: Connected, body: Any) -> ProviderError:
    class Saying:
        def __init__(self, http: Http) -> None:
            self._http = http

        async def request(self, method: str, url: str, **arguments: Any) -> Answer:
            answer: Any = await self._http.request(method, url, **arguments)
            said: Answer = replace(answer, body=json.dumps(body).encode())
            return said

    with pytest.raises(ProviderError) as caught:
        called(lambda http: account.publishing(Saying(http), publication()))
    return caught.value


def test_by_consent_the_channels_of_a_workspace_are_offered(person: Person) -> None:
    accounts = person.exchange(person.code())
    assert [one.username.partition("-")[0] for one in accounts] == ["#general", "#news", "#tea"]
    for one in accounts:
        assert person.application.client_secret not in one.credentials.values()
        person.connected(one).publish(publication(f"To {one.username}"))
    assert connect("slack", accounts[1].credentials).external_id == accounts[1].external_id


def test_consent_is_asked_for_scopes_with_commas_between(person: Person) -> None:
    assert tuple(person.asked["scope"].split(",")) == person.provider.scopes
    real = replace(person.application, server="")
    url = person.provider.authorization_url(real, person.authorization)
    assert url.startswith("https://slack.com/oauth/v2/authorize?")


@pytest.mark.parametrize("code", ["", "made-up"])
def test_a_code_that_nobody_gave_is_refused(person: Person, code: str) -> None:
    assert _refusal(person, code).error_class is ErrorClass.AUTHENTICATION


def test_less_than_was_asked_for_is_refused(person: Person) -> None:
    error = _refusal(person, person.code(grant="channels:read chat:write"))
    assert (error.error_class, error.code) == (ErrorClass.PERMISSION, "SCOPES_MISSING")


def test_a_secret_that_is_not_the_applications_is_its_owners_to_mend(person: Person) -> None:
    wrong = replace(person.application, client_secret="wrong")
    error = _refusal(replace(person, application=wrong), person.code())
    assert (error.error_class, error.code) == (ErrorClass.PLATFORM, "APPLICATION_REFUSED")


def test_nobody_is_sent_where_the_application_is_not(person: Person) -> None:
    elsewhere = replace(person.authorization, redirect_uri="https://evil.example/callback")
    with pytest.raises(HTTPError):
        location(person.provider.authorization_url(person.application, elsewhere))


def _refusal(person: Person, code: str) -> ProviderError:
    with pytest.raises(Refused) as caught:
        person.exchange(code)
    return caught.value


def test_it_is_counted_who_is_there(slack: Connected) -> None:
    provider, receipt = slack.provider, slack.publish(publication("Count me"))
    assert isinstance(provider, Measures)
    assert called(lambda http: provider.account_metrics(http, slack.credentials)) == {"members": 12}
    for named in (receipt.external_id, receipt.url):
        told: Mapping[str, int] = called(
            lambda http: provider.post_metrics(http, slack.credentials, named)  # noqa: B023
        )
        assert told == {"replies": 0, "reactions": 3}


@pytest.mark.parametrize(
    "settings", [{"channel": "#general"}, {"unfurl_links": "no"}, {"reply_broadcast": 1}, {"x": 1}]
)
def test_nothing_else_can_be_set(settings: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SETTINGS).validate(settings)


@pytest.mark.parametrize(
    ("method", "wish", "error"),
    [
        ("chat.postMessage", {"text": "a"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "own", "text": "a"}, "not_in_channel"),
        ("conversations.history", {"channel": "own"}, "channel_not_found"),
        ("files.completeUploadExternal", {"files": [], "channel_id": "own"}, "not_in_channel"),
        ("chat.sendAnything", {}, "unknown_method"),
    ],
)
def test_the_imitation_says_no_by_200(
    simulator: Simulator, method: str, wish: dict[str, Any], error: str
) -> None:
    """A method that reads takes no JSON: it sees nothing of what is asked."""
    fields = simulator.account("slack")
    own = {name: fields["channel"] if value == "own" else value for name, value in wish.items()}
    bot = {"Authorization": f"Bearer {fields['access_token']}"}
    status, answer, _ = call(f"{fields['server']}/api/{method}", own, bot)
    assert (status, answer["ok"], answer["error"]) == (200, False, error)
    stranger = call(f"{fields['server']}/api/auth.test", {}, {"Authorization": "Bearer no"})
    assert stranger[1]["error"] == "invalid_auth"
