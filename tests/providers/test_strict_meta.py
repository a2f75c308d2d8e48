"""The imitations of Meta's networks are strict: what those refuse, they refuse."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from shared.channels.domain.facebook import media as facebook_media
from shared.channels.domain.instagram.media import rules
from shared.channels.domain.media import Attachment, ImageRules, MediaKind, Shape, VideoRules
from tests.providers.account import connect
from tests.providers.attachments import attachment, film, gone, picture
from tests.simulator.client import Simulator

JPEG = ("image/jpeg",)


def send(fields: Mapping[str, str], path: str, form: Mapping[str, str] | None) -> Any:
    """Call as the owner of what a person would type; without a form it reads."""
    body = None if form is None else urlencode(form).encode()
    headers = {"Authorization": f"Bearer {fields['access_token']}"}
    try:
        with urlopen(Request(f"{fields['server']}{path}", body, headers), timeout=10) as answer:
            return json.loads(answer.read())
    except HTTPError as refusal:
        with refusal:
            return json.loads(refusal.read())


def code_of(told: Mapping[str, Any]) -> tuple[int, int | None]:
    return told["error"]["code"], told["error"].get("error_subcode")


@pytest.fixture
def fields(simulator: Simulator) -> dict[str, str]:
    return simulator.account("instagram")


def made(fields: Mapping[str, str], form: Mapping[str, str]) -> Any:
    return send(fields, f"/v24.0/{fields['account_id']}/media", form)


def published(fields: Mapping[str, str], container: str) -> Any:
    path = f"/v24.0/{fields['account_id']}/media_publish"
    return send(fields, path, {"creation_id": container})


def of(shape: Shape, formats: tuple[str, ...] = JPEG) -> Attachment:
    return picture(ImageRules(formats=formats, max_bytes=1, shape=shape))


FITTING = of(Shape())


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, (100, 2207023)),
        ({"image_url": FITTING.url, "video_url": FITTING.url}, (100, None)),
        ({"image_url": FITTING.url, "text": "of another network"}, (100, None)),
        ({"image_url": FITTING.url, "media_type": "VIDEO"}, (100, 2207023)),
        ({"image_url": FITTING.url, "caption": "x" * 2201}, (36004, 2207010)),
        ({"image_url": FITTING.url, "alt_text": "x" * 1001}, (100, None)),
        ({"image_url": FITTING.url, "collaborators": '["a","b","c","d"]'}, (100, None)),
        ({"image_url": of(Shape(), ("image/png",)).url}, (36001, 2207005)),
        ({"image_url": of(Shape(max_ratio=Fraction(1, 2))).url}, (36003, 2207009)),
        ({"image_url": gone(FITTING).url}, (9004, 2207052)),
        ({"image_url": "file:///etc/passwd"}, (9004, 2207052)),
        ({"media_type": "CAROUSEL", "children": "1"}, (100, 2207028)),
        ({"media_type": "CAROUSEL", "children": "1,2"}, (100, None)),
    ],
)
def test_instagram_makes_no_such_container(
    fields: dict[str, str], form: dict[str, str], code: tuple[int, int | None]
) -> None:
    assert code_of(made(fields, form)) == code


def test_instagram_publishes_a_container_when_it_is_finished_and_once(
    fields: dict[str, str], simulator: Simulator
) -> None:
    container = made(fields, {"image_url": FITTING.url})["id"]
    assert code_of(published(fields, container)) == (9007, 2207027)
    while send(fields, f"/v24.0/{container}?fields=status_code", None)["status_code"] != "FINISHED":
        pass
    assert published(fields, container)["id"]
    assert code_of(published(fields, container)) == (24, 2207008)
    (arrived,) = simulator.receipts("instagram")
    assert arrived["repeats"] == 1
    stranger = simulator.account("instagram")
    assert code_of(published(stranger, container)) == (24, 2207006)


@pytest.mark.parametrize(
    "wrong", [{"min_duration": timedelta(seconds=1)}, {"min_fps": 12, "max_fps": 12}], ids=str
)
def test_instagram_says_of_a_film_that_does_not_fit_that_nothing_came_of_it(
    fields: dict[str, str], wrong: dict[str, Any]
) -> None:
    taken = rules({}).videos
    assert isinstance(taken, VideoRules)
    taken = replace(taken, **wrong)
    form = {"media_type": "REELS", "video_url": film(taken).url}
    container = made(fields, form)["id"]
    path = f"/v24.0/{container}?fields=status_code,status"
    while (told := send(fields, path, None))["status_code"] == "IN_PROGRESS":
        pass
    assert told["status_code"] == "ERROR"
    assert "2207026" in told["status"]


def test_a_token_that_nobody_gave_is_refused(fields: dict[str, str]) -> None:
    stranger = {**fields, "access_token": "not-issued-here"}
    assert code_of(made(stranger, {"image_url": FITTING.url})) == (190, 463)


@pytest.mark.parametrize(
    "form",
    [
        {"media_type": "TEXT"},
        {"text": "without a type"},
        {"media_type": "TEXT", "text": "👍" * 126},
        {"media_type": "TEXT", "text": "a", "caption": "b"},
        {"media_type": "TEXT", "text": "a", "reply_control": "nobody"},
        {"media_type": "TEXT", "text": "a", "topic_tag": "a.b"},
        {"media_type": "CAROUSEL", "children": "1"},
    ],
)
def test_threads_makes_no_such_container(simulator: Simulator, form: dict[str, str]) -> None:
    fields = simulator.account("threads")
    account = connect("threads", fields).external_id
    assert code_of(send(fields, f"/v1.0/{account}/threads", form))[0] == 100


def test_facebook_shows_a_photo_once_and_only_its_own(simulator: Simulator) -> None:
    fields = simulator.account("facebook")
    page = connect("facebook", fields).external_id
    for photos in (["1"], ["1", "1"]):
        form = {
            f"attached_media[{place}]": json.dumps({"media_fbid": photo})
            for place, photo in enumerate(photos)
        }
        assert code_of(send(fields, f"/v24.0/{page}/feed", form))[0] == 100


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({}, 100),
        ({"message": " "}, 100),
        ({"message": "x" * 63_207}, 100),
        ({"message": "a", "published": "false"}, 100),
        ({"message": "x" * 131, "text_format_preset_id": "1"}, 100),
    ],
)
def test_facebook_makes_no_such_post(simulator: Simulator, form: dict[str, str], code: int) -> None:
    fields = simulator.account("facebook")
    page = connect("facebook", fields).external_id
    assert code_of(send(fields, f"/v24.0/{page}/feed", form))[0] == code


def test_facebook_publishes_no_film_that_is_not_there(simulator: Simulator) -> None:
    fields = simulator.account("facebook")
    page = connect("facebook", fields).external_id
    path = f"/v24.0/{page}/videos"
    one = attachment(facebook_media.rules({}), MediaKind.VIDEO)
    opened = send(fields, path, {"upload_phase": "start", "file_size": str(one.size)})
    finish = {"upload_phase": "finish", "upload_session_id": opened["upload_session_id"]}
    assert code_of(send(fields, path, finish))[0] == 6000
    assert simulator.receipts("facebook") == []
