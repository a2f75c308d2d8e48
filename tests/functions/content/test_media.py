"""Variants show files of the library: their own organization's, as their network takes them."""

from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.kernel.ids import new_id
from tests.accounts import Account
from tests.author import Author
from tests.library import Library
from tests.simulator.client import Simulator


@pytest.fixture
def library(ada: Account) -> Library:
    return Library(Author.of(ada))


def showing(*media_ids: str, **more: Any) -> dict[str, Any]:
    return {"items": [{"media_id": each, **more} for each in media_ids]}


def write(account: Account, **variant: Any) -> Any:
    post = account.api.post("/posts", {"description": "Tea"}).json["data"]["id"]
    body = {"channel_id": "mastodon", "content": "Tea", **variant}
    return account.api.post(f"/posts/{post}/variants", body)


def told(answer: Any) -> list[tuple[str, str]]:
    return [(each["error_code"], each["field"]) for each in answer.json["errors"]]


def test_what_is_shown_is_kept_as_it_was_said(ada: Account, library: Library) -> None:
    cup, cake = library.keep(), library.keep()
    media = showing(cup, alt_text="A cup", fit="pad")
    thread = [{"content": "", "delay_seconds": 5, "media": showing(cake)}]
    made = write(ada, content="", media=media, thread=thread).json["data"]
    assert (made["content"], made["media"]) == ("", media)
    assert made["thread"] == thread
    found = ada.api.get(f"/variants/{made['id']}").json["data"]
    assert (found["media"], found["thread"]) == (media, thread)
    cleared = ada.api.patch(f"/variants/{made['id']}", {"content": "Tea", "media": None})
    assert cleared.json["data"]["media"] == {}
    assert cleared.json["data"]["thread"] == thread


def test_without_anything_to_show_words_are_needed(ada: Account, library: Library) -> None:
    assert told(write(ada, content=" ")) == [("VARIANT_CONTENT_REQUIRED", "content")]
    assert told(write(ada, content="", media={"items": []})) == [
        ("VARIANT_CONTENT_REQUIRED", "content")
    ]
    made = write(ada, content="", media=showing(library.keep())).json["data"]
    answer = ada.api.patch(f"/variants/{made['id']}", {"media": None})
    assert told(answer) == [("VARIANT_CONTENT_REQUIRED", "content")]


@pytest.mark.parametrize(
    ("media", "fields"),
    [
        ({"images": []}, ["media.images"]),
        ({"items": {}}, ["media.items"]),
        ({"items": [{}]}, ["media.items.0.media_id"]),
        ({"items": [{"media_id": "tea"}]}, ["media.items.0.media_id"]),
        (showing(str(new_id()), fit="squeeze"), ["media.items.0.fit"]),
        (showing(str(new_id()), alt_text="x" * 5001), ["media.items.0.alt_text"]),
        (showing(str(new_id()), alt_text="\0"), ["media.items.0.alt_text"]),
        (showing(str(new_id()), colour="red"), ["media.items.0.colour"]),
        (showing(*[str(new_id())] * 51), ["media.items"]),
    ],
)
def test_what_names_no_files_is_refused(
    ada: Account, media: dict[str, Any], fields: list[str]
) -> None:
    answer = write(ada, media=media)
    assert answer.status == 400
    assert [each["field"] for each in answer.json["errors"]] == fields


def test_nothing_is_learned_of_another_organizations_files(
    ada: Account, ben: Account, library: Library
) -> None:
    others, none = Library(Author.of(ben)).keep(), str(new_id())
    for media_id in (others, none):
        answer = write(ada, media=showing(media_id))
        assert (answer.status, told(answer)) == (
            400,
            [("MEDIA_NOT_FOUND", "media.items.0.media_id")],
        )
        thread = [{"content": "Cake", "media": showing(library.keep(), media_id)}]
        assert told(write(ada, thread=thread)) == [
            ("MEDIA_NOT_FOUND", "thread.0.media.items.1.media_id")
        ]
        cover = showing(library.keep(), cover_media_id=media_id)
        assert told(write(ada, media=cover)) == [
            ("MEDIA_NOT_FOUND", "media.items.0.cover_media_id")
        ]
    made = write(ada).json["data"]["id"]
    answer = ada.api.patch(f"/variants/{made}", {"media": showing(others)})
    assert told(answer) == [("MEDIA_NOT_FOUND", "media.items.0.media_id")]


@pytest.mark.parametrize(
    ("status", "is_taken"),
    [
        ("ready", True),
        ("processing", True),
        ("uploading", False),
        ("refused", False),
        ("failed", False),
    ],
)
def test_what_will_be_there_may_be_shown(
    ada: Account, library: Library, status: str, *, is_taken: bool
) -> None:
    answer = write(ada, media=showing(library.keep(status=status)))
    assert answer.status == (201 if is_taken else 400)
    assert is_taken or answer.codes == ["MEDIA_NOT_USABLE"]


def test_what_its_network_does_not_show_stays_a_draft(
    ada: Account, library: Library, simulator: Simulator
) -> None:
    author = Author.of(ada)
    media = showing(*(library.keep() for _ in range(5)))
    made = write(ada, media=media).json["data"]["id"]
    ready = ada.api.post(f"/variants/{made}/mark-ready")
    scheduled = author.try_to_schedule(made, author.connect())
    verdict = ada.api.post(f"/variants/{made}/validate", {}).json["data"]
    assert told(ready) == [("TOO_MANY_MEDIA", "media")]
    assert (scheduled.status, scheduled.codes) == (400, ["TOO_MANY_MEDIA"])
    assert [each["error_code"] for each in verdict["errors"]] == ["TOO_MANY_MEDIA"]
    assert verdict["preview"] == []
    fewer = ada.api.patch(f"/variants/{made}", {"media": showing(*media["items"][0].values())})
    assert fewer.status == 200
    assert ada.api.post(f"/variants/{made}/mark-ready").status == 200
    more = ada.api.patch(f"/variants/{made}", {"media": media})
    assert told(more) == [("TOO_MANY_MEDIA", "media")]


def test_a_verdict_names_each_file(ada: Account, library: Library) -> None:
    cup, none = library.keep(alt_text="x" * 1501), str(new_id())
    body = {
        "variants": [
            {"channel_id": "mastodon", "media": showing(cup), "thread": [{"media": showing(none)}]},
            {"channel_id": "mastodon", "media": showing(library.keep(alt_text="A cup"))},
        ]
    }
    first, second = ada.api.post("/posts/validate", body).json["data"]["variants"]
    shown = [
        (each["field"], each["kind"], each["valid"], (each["error"] or {}).get("error_code"))
        for each in first["media"]
    ]
    assert shown == [
        ("media.items.0", "image", False, "ALT_TEXT_TOO_LONG"),
        ("thread.0.media.items.0", None, False, "MEDIA_NOT_FOUND"),
    ]
    assert second["valid"]
    [request] = second["preview"]
    assert request["body"]["media_ids"] == ["<file 1>"]


def test_what_was_stored_in_older_days_is_still_read_and_edited(ada: Account) -> None:
    made = write(ada).json["data"]["id"]
    with engine().begin() as database:
        database.execute(text("UPDATE post_variants SET media = '{\"images\": [1]}'"))
    assert ada.api.get(f"/variants/{made}").json["data"]["media"] == {"images": [1]}
    assert ada.api.patch(f"/variants/{made}", {"content": "Coffee"}).status == 200
    assert told(ada.api.post(f"/variants/{made}/mark-ready")) == [
        ("MEDIA_NOT_SUPPORTED", "media.images")
    ]
    assert ada.api.patch(f"/variants/{made}", {"media": {}}).status == 200
    assert ada.api.post(f"/variants/{made}/mark-ready").status == 200


def test_a_file_that_is_shown_is_not_deleted(ada: Account, library: Library) -> None:
    cup = library.keep()
    made = write(ada, media=showing(cup)).json["data"]
    answer = ada.api.delete(f"/media/{cup}")
    assert (answer.status, answer.codes) == (409, ["MEDIA_IN_USE"])
    assert ada.api.delete(f"/variants/{made['id']}").status == 204
    assert ada.api.delete(f"/media/{cup}").status == 204
