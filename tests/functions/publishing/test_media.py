"""What posts show leaves with them, as their networks take it, or they say why not."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.author import Author
from tests.library import Library, digest, fail_to_fit, fit, lose_files
from tests.line import Line, make_due
from tests.simulator.client import Simulator


@pytest.fixture
def library(author: Author) -> Library:
    return Library(author)


def showing(*media_ids: str, **more: Any) -> dict[str, Any]:
    return {"items": [{"media_id": each, **more} for each in media_ids]}


def scheduled(author: Author, channel: str = "mastodon", **variant: Any) -> str:
    """A schedule of a variant that shows something."""
    post = author.api.post("/posts", {"description": "Tea"}).json["data"]["id"]
    body = {"channel_id": channel, "content": "Tea", **variant}
    answer = author.api.post(f"/posts/{post}/variants", body)
    assert answer.status == 201, answer.content
    return author.schedule(answer.json["data"]["id"], author.connect(channel))


def go_on(line: Line, schedule: str, times: int = 1) -> None:
    for _ in range(times):
        make_due(schedule)
        line.run()


@pytest.mark.parametrize("channel", ["mastodon", "bluesky"])
def test_a_picture_leaves_with_its_words(
    author: Author, line: Line, simulator: Simulator, library: Library, channel: str
) -> None:
    media = showing(library.keep(alt_text="A cup"), library.keep(), alt_text="Of tea")
    media["items"][0].pop("alt_text")
    schedule = scheduled(author, channel, media=media)
    fit()
    go_on(line, schedule)
    fit()
    go_on(line, schedule)
    assert author.status(schedule) == "success"
    (arrived,) = simulator.receipts()
    shown = [(one["sha256"], one["alt_text"]) for one in arrived["media"]]
    assert shown == [(digest(), "A cup"), (digest(), "Of tea")]


def test_what_is_not_made_ready_yet_is_waited_for(
    author: Author, line: Line, simulator: Simulator, library: Library
) -> None:
    schedule = scheduled(author, media=showing(library.keep()))
    go_on(line, schedule, 8)
    shown = author.look(schedule)["schedule"]
    assert (shown["status"], shown["waiting_reason"]) == ("pending", "MEDIA_PROCESSING")
    with engine().connect() as database:
        wait = database.scalar(text("SELECT due_at - now() FROM schedules"))
    assert timedelta(seconds=13) < wait <= timedelta(seconds=15)
    assert simulator.receipts() == []
    assert fit() == 1
    go_on(line, schedule)
    assert author.status(schedule) == "success"
    assert len(simulator.receipts()) == 1


def test_what_is_not_ready_in_time_is_too_late(
    author: Author, line: Line, simulator: Simulator, library: Library
) -> None:
    schedule = scheduled(author, media=showing(library.keep()))
    go_on(line, schedule)
    make_due(schedule, late=timedelta(minutes=61))
    line.run()
    shown = author.look(schedule)["schedule"]
    assert (shown["status"], shown["error_code"]) == ("skipped", "TOO_LATE")
    assert simulator.receipts() == []


def test_what_cannot_be_made_ready_says_why(
    author: Author, line: Line, simulator: Simulator, library: Library
) -> None:
    schedule = scheduled(author, media=showing(library.keep()))
    go_on(line, schedule)
    fail_to_fit("MEDIA_TOO_SMALL", "1 by 1 pixels")
    go_on(line, schedule)
    shown = author.look(schedule)["schedule"]
    assert (shown["status"], shown["error_class"], shown["error_code"]) == (
        "failed",
        "media",
        "MEDIA_TOO_SMALL",
    )
    assert shown["action_required"] == "edit"
    assert simulator.receipts() == []


@pytest.mark.parametrize("channel", ["mastodon", "bluesky"])
def test_a_file_that_has_vanished_is_told_of(
    author: Author, line: Line, simulator: Simulator, library: Library, channel: str
) -> None:
    schedule = scheduled(author, channel, media=showing(library.keep()))
    go_on(line, schedule)
    fit()
    lose_files()
    go_on(line, schedule)
    shown = author.look(schedule)["schedule"]
    assert (shown["status"], shown["error_class"], shown["error_code"]) == (
        "failed",
        "media",
        "MEDIA_UNAVAILABLE",
    )
    assert simulator.receipts() == []


def test_what_may_have_arrived_is_found_though_its_file_has_vanished(
    author: Author, line: Line, simulator: Simulator, library: Library
) -> None:
    schedule = scheduled(author, media=showing(library.keep(alt_text="A cup")))
    go_on(line, schedule)
    fit()
    simulator.fail("mastodon", "fail_after_accepting")
    go_on(line, schedule)
    fail_to_fit("MEDIA_UNREADABLE", "It is gone")
    go_on(line, schedule)
    assert author.status(schedule) == "success"
    assert len(simulator.receipts()) == 1


def test_what_the_network_works_on_is_published_when_it_is_ready(
    author: Author, line: Line, simulator: Simulator, library: Library
) -> None:
    schedule = scheduled(author, media=showing(library.keep("animation")))
    go_on(line, schedule)
    fit()
    go_on(line, schedule, 3)
    events = author.look(schedule)["publish_events"]
    assert [each["status"] for each in events] == ["retried", "pending", "pending", "success"]
    (arrived,) = simulator.receipts()
    assert [one["sha256"] for one in arrived["media"]] == [digest("animation")]


def test_each_part_of_a_thread_shows_its_own(
    author: Author, line: Line, simulator: Simulator, library: Library
) -> None:
    cup, cake = library.keep(alt_text="A cup"), library.keep(alt_text="A cake")
    thread = [{"content": "", "media": showing(cake)}]
    schedule = scheduled(author, content="", media=showing(cup), thread=thread)
    for _ in range(4):
        go_on(line, schedule)
        fit()
        with engine().begin() as database:
            database.execute(
                text(
                    "UPDATE schedules SET held_until = now() WHERE part = 1"
                    " AND held_until IS NOT NULL"
                )
            )
    arrived = [[one["alt_text"] for one in each["media"]] for each in simulator.receipts()]
    assert arrived == [["A cup"], ["A cake"]]
    assert [each["text"] for each in simulator.receipts()] == ["", ""]


def test_a_picture_is_made_ready_once_for_whoever_takes_the_same(
    author: Author, line: Line, simulator: Simulator, library: Library
) -> None:
    media = showing(library.keep())
    for channel in ("mastodon", "mastodon", "bluesky"):
        go_on(line, scheduled(author, channel, media=media))
    assert fit() == 2
