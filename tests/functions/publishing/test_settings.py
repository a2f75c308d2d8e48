"""What an author sets of a variant goes with it to its network, as the preview shows it."""

import json
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.author import Author
from tests.line import Line, make_due
from tests.simulator.client import Simulator


def write(author: Author, channel: str, settings: dict[str, Any], **more: Any) -> str:
    post = author.api.post("/posts", {"description": "Tea"}).json["data"]["id"]
    body = {"channel_id": channel, "content": "See example.com", "settings": settings, **more}
    answer = author.api.post(f"/posts/{post}/variants", body)
    assert answer.status == 201, answer.content
    variant: str = answer.json["data"]["id"]
    return variant


def publish(author: Author, line: Line, variant: str, channel: str) -> None:
    schedule = author.schedule(variant, author.connect(channel))
    make_due(schedule)
    line.run()
    assert author.status(schedule) == "success"


def previews(author: Author, variant: str) -> list[Any]:
    verdict = author.api.post(f"/variants/{variant}/validate").json["data"]
    return [each["body"] for each in verdict["preview"]]


def _shown(address: str) -> Any:
    with urlopen(address, timeout=5) as answer:
        return json.loads(answer.read())


def test_mastodon_shows_every_part_as_it_was_set(
    author: Author, line: Line, simulator: Simulator
) -> None:
    settings = {
        "visibility": "unlisted",
        "spoiler_text": "Cake",
        "language": "pt-BR",
        "sensitive": True,
    }
    thread = [{"content": "And jam", "delay_seconds": 0}]
    variant = write(author, "mastodon", settings, thread=thread)
    bodies = previews(author, variant)
    publish(author, line, variant, "mastodon")
    line.run()
    receipts = simulator.receipts()
    assert len(receipts) == len(bodies) == 2
    for receipt, body in zip(receipts, bodies, strict=True):
        status = _shown(f"{simulator.url}/mastodon/api/v1/statuses/{receipt['id']}")
        assert {name: status[name] for name in settings} == settings
        assert {name: body[name] for name in settings} == settings
        assert receipt["text"] == body["status"]


def test_bluesky_gets_the_record_that_was_shown(
    author: Author, line: Line, simulator: Simulator
) -> None:
    settings = {"languages": ["de", "pt-BR"], "labels": ["nudity", "graphic-media"]}
    variant = write(author, "bluesky", settings)
    [body] = previews(author, variant)
    publish(author, line, variant, "bluesky")
    [receipt] = simulator.receipts()
    repository, collection, rkey = receipt["id"].removeprefix("at://").split("/")
    query = urlencode({"repo": repository, "collection": collection, "rkey": rkey})
    record = _shown(f"{simulator.url}/bluesky/xrpc/com.atproto.repo.getRecord?{query}")["value"]
    assert record["langs"] == ["de", "pt-BR"]
    assert record["labels"]["values"] == [{"val": "nudity"}, {"val": "graphic-media"}]
    assert {**record, "createdAt": None} == {**body["record"], "createdAt": None}


def test_what_was_set_is_seen_changed_and_cleared(author: Author) -> None:
    variant = write(author, "mastodon", {"visibility": "private"})
    path = f"/variants/{variant}"
    shown = author.api.get(path).json["data"]
    assert shown["settings"] == {"visibility": "private"}
    changed = author.api.patch(path, {"settings": {"sensitive": True}}).json["data"]
    assert changed["settings"] == {"sensitive": True}
    assert author.api.patch(path, {"tone": "dry"}).json["data"]["settings"] == {"sensitive": True}
    assert author.api.patch(path, {"settings": None}).json["data"]["settings"] == {}


def test_a_content_warning_counts_on_a_variant(author: Author) -> None:
    variant = write(author, "mastodon", {"spoiler_text": "Cake"})
    shown = author.api.get(f"/variants/{variant}").json["data"]
    assert shown["validation"] == {"character_count": 15 + 4, "limit": 500}
    refused = author.api.patch(f"/variants/{variant}", {"content": "x" * 497})
    assert (refused.status, refused.codes) == (400, ["CONTENT_TOO_LONG"])
    assert author.api.patch(f"/variants/{variant}", {"content": "x" * 496}).status == 200


@pytest.mark.parametrize(
    ("channel", "settings", "fields"),
    [
        (
            "mastodon",
            {"visibility": "secret", "colour": "red", "language": 5},
            ["settings.colour", "settings.language", "settings.visibility"],
        ),
        ("bluesky", {"languages": ["de", "?"]}, ["settings.languages.1"]),
        ("bluesky", {"visibility": "public"}, ["settings.visibility"]),
    ],
)
def test_what_the_network_does_not_take_is_refused(
    author: Author, channel: str, settings: dict[str, Any], fields: list[str]
) -> None:
    variant = write(author, channel, {})
    post = author.api.get(f"/variants/{variant}").json["data"]["post_id"]
    body = {"channel_id": channel, "content": "Tea", "settings": settings}
    for answer in (
        author.api.post(f"/posts/{post}/variants", body),
        author.api.patch(f"/variants/{variant}", {"settings": settings}),
    ):
        assert answer.status == 400
        assert [(error["error_code"], error["field"]) for error in answer.json["errors"]] == [
            ("INVALID_SETTING", field) for field in fields
        ]
    assert len(author.api.get(f"/posts/{post}/variants").json["data"]) == 1
    assert author.api.get(f"/variants/{variant}").json["data"]["settings"] == {}
