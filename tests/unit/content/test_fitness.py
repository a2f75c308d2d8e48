"""What stands against a draft at a network and an account."""

from typing import Any
from uuid import UUID

import pytest

from shared.content.domain.fitness import Draft, limit_of, misfits
from shared.content.domain.thread import FOLLOW_UPS, FollowUp
from shared.kernel.ids import new_id
from shared.media.api.assets import Attached
from tests.unit.content.kiosk import Account, Kiosk


def draft(content: str = "short", *follow_ups: str, **more: Any) -> Draft:
    thread = [FollowUp(content=each, delay_seconds=0) for each in follow_ups]
    return Draft(content=content, thread=thread, **more)


def told(
    wanted: Draft, account: Account | None = None, *, threads: bool = True
) -> list[tuple[str, str | None]]:
    found = misfits(wanted, Kiosk(threads=threads), account)
    return [(each.code, each.field) for each in found]


@pytest.mark.parametrize("threads", [True, False])
def test_a_text_alone_needs_no_replies(*, threads: bool) -> None:
    assert told(draft(), threads=threads) == []


def test_a_thread_needs_a_network_with_replies() -> None:
    assert told(draft("short", "short")) == []
    assert told(draft("short", "short"), threads=False) == [("THREADS_NOT_SUPPORTED", "thread")]


def test_whatever_does_not_fit_is_told_together() -> None:
    wanted = draft(
        "longer", "short", "longer", " ", media={"images": ["a", "b"]}, settings={"colour": "red"}
    )
    assert told(wanted, threads=False) == [
        ("VARIANT_CONTENT_REQUIRED", "thread.2.content"),
        ("CONTENT_TOO_LONG", "content"),
        ("CONTENT_TOO_LONG", "thread.1.content"),
        ("THREADS_NOT_SUPPORTED", "thread"),
        ("INVALID_SETTING", "settings.colour"),
        ("MEDIA_NOT_SUPPORTED", "media.images"),
    ]


def test_a_text_may_be_wrong_though_it_is_short() -> None:
    assert told(draft("tea!", "tea")) == []
    assert told(draft("tea!!", "tea!")) == [
        ("TOO_MANY_MARKS", "content"),
        ("TOO_MANY_MARKS", "thread.0.content"),
    ]


TEA, CAKE, FILM = new_id(), new_id(), new_id()


def file(kind: str | None = "image", status: str = "ready", alt_text: str = "") -> Attached:
    return Attached(
        id=TEA,
        name="tea.jpg",
        alt_text=alt_text,
        status=status,
        kind=kind,
        mime_type="image/jpeg",
        size=1000,
        width=640,
        height=480,
        duration=None,
    )


FILES = {TEA: file(), CAKE: file(), FILM: file("video")}


def showing(*media_ids: UUID, **more: Any) -> dict[str, Any]:
    return {"items": [{"media_id": str(each), **more} for each in media_ids]}


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        (showing(TEA), []),
        (showing(TEA, CAKE), []),
        (showing(TEA, CAKE, TEA), [("TOO_MANY_MEDIA", "media")]),
        (showing(TEA, FILM), [("MEDIA_KIND_NOT_SUPPORTED", "media.items.1")]),
        (showing(TEA, new_id()), [("MEDIA_NOT_FOUND", "media.items.1.media_id")]),
        (
            showing(TEA, cover_media_id=str(new_id())),
            [("MEDIA_NOT_FOUND", "media.items.0.cover_media_id")],
        ),
        (
            showing(TEA, cover_media_id=str(FILM)),
            [("MEDIA_COVER_NOT_A_PICTURE", "media.items.0.cover_media_id")],
        ),
        ({"items": "tea"}, [("VALIDATION_ERROR", "media.items")]),
        ({"items": [{"media_id": "tea"}]}, [("VALIDATION_ERROR", "media.items.0")]),
        (showing(TEA, fit="squeeze"), [("VALIDATION_ERROR", "media.items.0")]),
        (showing(TEA, colour="red"), [("VALIDATION_ERROR", "media.items.0")]),
    ],
    ids=[
        "one",
        "two",
        "three",
        "film",
        "gone",
        "no cover",
        "bad cover",
        "list",
        "id",
        "fit",
        "more",
    ],
)
def test_what_is_shown_is_judged(media: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert told(draft(media=media, files=FILES)) == expected


@pytest.mark.parametrize("status", ["uploading", "refused", "failed"])
def test_what_will_never_be_there_cannot_be_shown(status: str) -> None:
    files = {TEA: file(status=status)}
    assert told(draft(media=showing(TEA), files=files)) == [
        ("MEDIA_NOT_USABLE", "media.items.0.media_id")
    ]


def test_each_part_shows_its_own() -> None:
    thread = [FollowUp(content="", delay_seconds=0, media=showing(TEA, CAKE))]
    wanted = Draft(content="short", thread=thread, files=FILES)
    assert told(wanted) == [("TOO_MANY_MEDIA", "thread.0.media")]


def test_what_shows_something_needs_no_words() -> None:
    assert told(draft("", media=showing(TEA), files=FILES)) == []
    assert told(draft("", media={"items": []})) == [("VARIANT_CONTENT_REQUIRED", "content")]


def test_an_account_may_show_less_than_its_network() -> None:
    wanted = draft(media=showing(TEA, CAKE), files=FILES)
    assert told(wanted, Account(limits={"media_items": 1})) == [("TOO_MANY_MEDIA", "media")]
    assert told(wanted, Account(limits={"media_items": 2})) == []


def test_settings_use_up_the_length_of_every_part() -> None:
    assert told(draft("four", "five5", settings={"motto": "x"})) == [
        ("CONTENT_TOO_LONG", "thread.0.content")
    ]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (draft(""), [("VARIANT_CONTENT_REQUIRED", "content")]),
        (draft(" \n\t"), [("VARIANT_CONTENT_REQUIRED", "content")]),
        (draft("a\0b"), [("VALIDATION_ERROR", "content")]),
        (draft("a", settings={"motto": "\0"}), [("VALIDATION_ERROR", "settings")]),
        (draft("a", *["b"] * (FOLLOW_UPS + 1)), [("THREAD_TOO_LONG", "thread")]),
        (
            Draft(content="a", thread=[FollowUp(content="b", delay_seconds=-1)]),
            [("VALIDATION_ERROR", "thread.0.delay_seconds")],
        ),
    ],
    ids=repr,
)
def test_what_no_network_takes(wanted: Draft, expected: list[tuple[str, str]]) -> None:
    assert told(wanted) == expected


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        ({}, []),
        ({"images": []}, ["media.images"]),
        ({"video": {"url": "x"}}, ["media.video"]),
        ({"images": [1], "video": None}, ["media.images", "media.video"]),
    ],
)
def test_each_thing_of_older_days_is_named(media: dict[str, Any], expected: list[str]) -> None:
    assert told(draft(media=media)) == [("MEDIA_NOT_SUPPORTED", path) for path in expected]


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (Account(), []),
        (Account(is_connected=False), [("CONNECTION_INACTIVE", "channel_connection_id")]),
        (Account(channel="x"), [("INCOMPATIBLE_CHANNEL", "channel_connection_id")]),
        (Account(max_length=4), [("CONTENT_TOO_LONG", "content")]),
        (Account(channel="x", max_length=1), [("INCOMPATIBLE_CHANNEL", "channel_connection_id")]),
    ],
)
def test_an_account_has_its_own_say(account: Account, expected: list[tuple[str, str]]) -> None:
    assert told(draft(), account) == expected


@pytest.mark.parametrize(("own", "limit"), [(4, 4), (5, 5), (50, 5)])
def test_no_account_takes_more_than_its_network(own: int, limit: int) -> None:
    assert limit_of(Kiosk(), Account(max_length=own)) == limit


def test_how_much_too_long_is_said() -> None:
    [first, second] = misfits(draft("longer", "longest"), Kiosk())
    assert first.meta == {"count": 6, "limit": 5, "channel": "kiosk", "counts": "letters"}
    assert second.meta == {
        "count": 7,
        "limit": 5,
        "channel": "kiosk",
        "counts": "letters",
        "part": 1,
    }


def test_a_follow_up_has_a_length_of_its_own() -> None:
    wanted = draft("12345", "1234")
    assert misfits(wanted, Kiosk()) == []
    (found,) = misfits(wanted, Kiosk(follow_up_length=3))
    assert (found.code, found.field) == ("CONTENT_TOO_LONG", "thread.0.content")
    assert found.meta is not None
    assert found.meta["limit"] == 3
