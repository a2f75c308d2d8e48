"""What is Telegram's alone."""

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from shared.channels.api.delivery import ErrorClass, Http, ProviderError, Refused, Unanswered
from shared.channels.domain.media import MediaKind
from shared.channels.domain.metrics import Measures
from shared.channels.domain.provider import Answer
from shared.channels.domain.telegram.message import CAPTION, MAXIMUM, SETTINGS
from tests.providers.account import Connected, called, connect, connected, publication
from tests.providers.attachments import attachment
from tests.providers.test_imitations import call
from tests.simulator.client import Simulator


@pytest.fixture
def telegram(simulator: Simulator) -> Connected:
    return connected("telegram", simulator)


def test_a_channel_without_a_name_has_links_of_its_own(simulator: Simulator) -> None:
    account = connected("telegram", simulator, public=False)
    receipt = account.publish(publication("In private"))
    (arrived,) = account.receipts()
    assert receipt.url == arrived["url"]
    assert "/c/" in receipt.url


def test_a_bot_that_may_not_write_is_not_connected(simulator: Simulator) -> None:
    fields = simulator.account("telegram", writes=False)
    with pytest.raises(Refused) as caught:
        connect("telegram", fields)
    assert caught.value.error_class is ErrorClass.PERMISSION


def test_a_chat_that_it_does_not_know_is_refused(simulator: Simulator) -> None:
    with pytest.raises(Refused) as caught:
        connect("telegram", {**simulator.account("telegram"), "chat": "@elsewhere"})
    assert (caught.value.error_class, caught.value.code) == (
        ErrorClass.PERMISSION,
        "CHAT_MISSING",
    )


def test_beside_files_a_text_is_shorter(telegram: Connected) -> None:
    """It is not cut, and nothing is sent."""
    picture = attachment(telegram.provider.media_rules({}), MediaKind.IMAGE)
    fits = replace(publication("👍" * (CAPTION // 2)), attachments=(picture,))
    telegram.publish(fits)
    error = telegram.refusal(replace(fits, text=f"{fits.text}x"))
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == (ErrorClass.CONTENT, "CAPTION_TOO_LONG")
    assert str(CAPTION) in error.words
    assert len(telegram.receipts()) == 1


def test_the_text_of_an_album_is_that_of_its_first_file(telegram: Connected) -> None:
    rules = telegram.provider.media_rules({})
    pictures = tuple(attachment(rules, MediaKind.IMAGE, number=each) for each in range(3))
    preview = telegram.provider.preview(replace(publication("Three"), attachments=pictures))
    assert preview.path == "/bot<token>/sendMediaGroup"
    assert [one.get("caption") for one in preview.body["media"]] == ["Three", None, None]


def test_animations_do_not_go_together(telegram: Connected) -> None:
    rules = telegram.provider.media_rules({})
    two = tuple(attachment(rules, MediaKind.ANIMATION, number=each) for each in range(2))
    error = telegram.refusal(replace(publication(), attachments=two))
    assert (error.error_class, error.code) == (ErrorClass.MEDIA, "MEDIA_TOO_MANY")


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        ({}, {}),
        ({"disable_notification": True}, {"disable_notification": True}),
        ({"protect_content": True}, {"protect_content": True}),
        ({"protect_content": False}, {}),
        (
            {"disable_web_page_preview": True},
            {"link_preview_options": {"is_disabled": True}},
        ),
    ],
)
def test_it_takes_all_that_can_be_set(
    telegram: Connected, settings: dict[str, Any], sent: dict[str, Any]
) -> None:
    jsonschema.Draft202012Validator(SETTINGS).validate(settings)
    wanted = replace(publication("Set"), settings=settings)
    body = telegram.provider.preview(wanted).body
    assert body == {"chat_id": "<chat>", "text": "Set", **sent}
    telegram.publish(wanted)


@pytest.mark.parametrize("settings", [{"disable_notification": 1}, {"silent": True}])
def test_nothing_else_can_be_set(settings: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SETTINGS).validate(settings)


def test_emoji_count_as_telegram_counts_them(telegram: Connected) -> None:
    telegram.publish(publication("👍" * (MAXIMUM // 2)))
    error = telegram.refusal(publication("👍" * (MAXIMUM // 2) + "x"))
    assert (error.error_class, str(MAXIMUM) in error.words) == (ErrorClass.CONTENT, True)


@pytest.mark.parametrize(
    ("status", "words", "error_class"),
    [
        (400, "Bad Request: not enough rights to send text messages to the chat", "permission"),
        (400, "Bad Request: group chat was upgraded to a supergroup chat", "permission"),
        (400, "Bad Request: PHOTO_INVALID_DIMENSIONS", "media"),
        (400, "Bad Request: file must be non-empty", "media"),
        (400, "Bad Request: something new", "content"),
        (403, "Forbidden: bot was kicked from the channel chat", "permission"),
        (404, "Not Found", "authentication"),
        (413, "Request Entity Too Large", "media"),
    ],
)
@pytest.mark.parametrize("by_status", [True, False])
def test_what_it_says_decides_whatever_the_status(
    telegram: Connected, status: int, words: str, error_class: str, *, by_status: bool
) -> None:
    body = {"ok": False, "error_code": status, "description": words}
    error = _answered(telegram, status if by_status else 200, body)
    assert isinstance(error, Refused)
    assert (error.error_class, error.words) == (error_class, words)


@pytest.mark.parametrize(
    "body",
    [{}, [], {"ok": True}, {"ok": True, "result": {}}, {"ok": True, "result": []}, {"ok": "true"}],
)
def test_what_says_too_little_is_uncertain(telegram: Connected, body: Any) -> None:
    assert isinstance(_answered(telegram, 200, body), Unanswered)


def _answered(account: Connected, status: int, body: Any) -> ProviderError:
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


def test_members_are_counted_and_views_are_not(telegram: Connected) -> None:
    provider = telegram.provider
    assert isinstance(provider, Measures)
    assert called(lambda http: provider.account_metrics(http, telegram.credentials)) == {
        "members": 42
    }
    assert called(lambda http: provider.post_metrics(http, telegram.credentials, "1")) == {}


@pytest.mark.parametrize(
    ("method", "wish", "status"),
    [
        ("sendMessage", {"text": " "}, 400),
        ("sendMessage", {"text": "x" * 4097}, 400),
        ("sendMessage", {"text": "a", "parse_mode": "HTML"}, 400),
        ("sendMessage", {"text": "a", "reply_parameters": {"message_id": 1}}, 400),
        ("sendMessage", {"text": "a", "reply_parameters": {"message_id": "1"}}, 400),
        ("sendPhoto", {"caption": "a"}, 400),
        ("sendMediaGroup", {"media": [{"type": "photo", "media": "attach://a"}]}, 400),
        ("sendAnything", {}, 404),
    ],
)
def test_the_imitation_refuses_what_telegram_refuses(
    simulator: Simulator, method: str, wish: dict[str, Any], status: int
) -> None:
    fields = simulator.account("telegram")
    bot = f"{fields['server']}/bot{fields['bot_token']}"
    answer = call(f"{bot}/{method}", {"chat_id": fields["chat"], **wish}, {})
    assert (answer[0], answer[1]["ok"]) == (status, False)
    stranger = call(f"{fields['server']}/bot1:no/getMe", {}, {})
    assert stranger[0] == 401
    assert simulator.receipts() == []
