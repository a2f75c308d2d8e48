"""Pinterest: boards, pins with several pictures, films and their covers, how it refuses."""

from dataclasses import replace
from typing import Any

import pytest

from shared.channels.adapters.providers.pinterest import provider
from shared.channels.api.delivery import ErrorClass, Publication, Refused
from shared.channels.domain.media import Attachment, MediaKind
from shared.channels.domain.media_fitness import media_problems
from shared.channels.domain.pinterest.answers import error_of
from shared.content.domain.channel import Shown
from tests.providers.account import Connected, called, connected, publication
from tests.providers.attachments import attachment, gone
from tests.providers.fakes import Said
from tests.providers.test_imitations import call
from tests.simulator.client import Simulator

RULES = provider.media_rules({})


@pytest.fixture
def slug() -> str:
    return "pinterest"


def pin(text: str = "A pin", **settings: Any) -> Publication:
    shown = (attachment(RULES, MediaKind.IMAGE, alt_text="A picture"),)
    return replace(publication(text), attachments=shown, settings=settings)


def test_a_board_must_be_chosen_among_several(simulator: Simulator) -> None:
    account = connected("pinterest", simulator, boards=2)
    error = account.refusal(pin())
    assert (error.error_class, error.code) == (ErrorClass.CONTENT, "BOARD_MISSING")
    first, second = called(lambda http: provider.use_tool(http, account.credentials, "boards", {}))
    assert (first["name"], second["name"]) == ("Board 1", "Board 2")
    account.publish(pin(board=second["id"]))
    assert account.find(pin(board=first["id"])) is None


def test_a_board_that_is_gone_is_refused(account: Connected) -> None:
    error = account.refusal(pin(board="123"))
    assert (error.error_class, error.code) == (ErrorClass.CONTENT, "BOARD_MISSING")


def test_pictures_of_one_pin_are_of_one_size(account: Connected) -> None:
    (one,) = pin().attachments
    account.publish(replace(pin("Alike"), attachments=(one, one)))
    odd = replace(one, width=(one.width or 0) + 1)
    error = account.refusal(replace(pin("Not alike"), attachments=(one, odd)))
    assert (error.error_class, len(account.receipts())) == (ErrorClass.MEDIA, 1)
    alike, other = shown(one), shown(odd)
    (problem,) = media_problems(RULES, [alike, alike, other])
    assert (problem.code, problem.item) == ("MEDIA_SIZES_DIFFER", 2)
    assert media_problems(RULES, [alike, alike]) == []


def shown(one: Attachment) -> Shown:
    return Shown(
        name=one.name,
        kind=one.kind,
        mime_type=one.mime_type,
        alt_text=one.alt_text,
        size=one.size,
        width=one.width,
        height=one.height,
        pages=None,
        duration=one.duration,
    )


def test_pins_are_told_apart_by_title_and_words(account: Connected) -> None:
    wanted = pin("Words", title="Title")
    receipt = account.publish(wanted)
    assert account.find(wanted) == receipt
    assert account.find(pin("Words")) is None
    assert account.find(pin("Words", title="Other")) is None
    assert account.find(replace(wanted, taken=frozenset({receipt.external_id}))) is None


def test_what_is_chosen_goes_along() -> None:
    settings = {"title": "T", "link": "https://example.com/a", "dominant_color": "#6E7874"}
    body = provider.preview(pin("Words", board="5", **settings)).body
    assert body.items() >= {"board_id": "5", "description": "Words", **settings}.items()
    assert body["alt_text"] == "A picture"


def test_a_cover_stands_for_a_film(account: Connected) -> None:
    film = attachment(RULES, MediaKind.VIDEO)
    cover = attachment(RULES, MediaKind.IMAGE)
    account.publish(replace(pin(), attachments=(replace(film, cover=cover),)))
    assert len(account.receipts()) == 1
    vanished = replace(film, cover=gone(cover))
    error = account.refusal(replace(pin("Another"), attachments=(vanished,)))
    assert error.error_class is ErrorClass.MEDIA
    assert len(account.receipts()) == 1


@pytest.mark.parametrize(
    ("status", "body", "error_class", "code"),
    [
        (401, {"code": 2, "message": "m"}, ErrorClass.AUTHENTICATION, "CREDENTIALS_EXPIRED"),
        (403, {"code": 29, "message": "m"}, ErrorClass.PLATFORM, "APPLICATION_REFUSED"),
        (403, {"code": 7, "message": "m"}, ErrorClass.PERMISSION, "NOT_PERMITTED"),
        (404, {"code": 40, "message": "m"}, ErrorClass.CONTENT, "BOARD_MISSING"),
        (400, {"code": 1, "message": "The image is bad"}, ErrorClass.MEDIA, "MEDIA_REFUSED"),
        (400, {"code": 1, "message": "m"}, ErrorClass.CONTENT, "CONTENT_REFUSED"),
        (429, {"code": 8, "message": "m"}, ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
        (418, [], ErrorClass.UNKNOWN, "REFUSED"),
    ],
)
def test_each_code_has_its_class(
    status: int, body: Any, error_class: ErrorClass, code: str
) -> None:
    error = error_of(Said(status, body), renewable=True)
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == (error_class, code)


def test_it_counts_an_account_and_a_pin(account: Connected) -> None:
    receipt = account.publish(pin())
    metrics = called(lambda http: provider.account_metrics(http, account.credentials))
    assert metrics == {"followers": 5, "following": 2, "posts": 1}
    told = called(lambda http: provider.post_metrics(http, account.credentials, receipt.url))
    assert told == {"impressions": 20, "saves": 1, "clicks": 7, "outbound_clicks": 3}


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"title": "x" * 101}, 400),
        ({"description": "x" * 801}, 400),
        ({"alt_text": "x" * 501}, 400),
        ({"link": "example.com"}, 400),
        ({"dominant_color": "red"}, 400),
        ({"board": "5"}, 400),
        ({"board_id": "5"}, 404),
        ({"media_source": {"source_type": "video_id", "media_id": "5"}}, 400),
        ({"media_source": {"source_type": "image_url", "url": "http://127.0.0.1:9/x"}}, 400),
        ({"media_source": {"source_type": "multiple_image_urls", "items": []}}, 400),
    ],
)
def test_the_imitation_refuses_malformed_pins(
    account: Connected, wrong: dict[str, Any], status: int
) -> None:
    (board,) = called(lambda http: provider.use_tool(http, account.credentials, "boards", {}))
    wish = {**provider.preview(pin(board=board["id"])).body, **wrong}
    bearer = {"Authorization": f"Bearer {account.credentials['access_token']}"}
    assert call(f"{account.credentials['server']}/v5/pins", wish, bearer)[0] == status
    assert account.receipts() == []


def test_the_imitation_shows_no_film_that_is_not_ready(account: Connected) -> None:
    server, token = account.credentials["server"], account.credentials["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    _, told, _ = call(f"{server}/v5/media", {"media_type": "video"}, bearer)
    source = {
        "source_type": "video_id",
        "media_id": told["media_id"],
        "cover_image_key_frame_time": 0,
    }
    (board,) = called(lambda http: provider.use_tool(http, account.credentials, "boards", {}))
    wish = {"board_id": board["id"], "media_source": source}
    assert call(f"{server}/v5/pins", wish, bearer)[0] == 400
