"""What became of a post, attempt by attempt, over HTTP."""

from typing import Any
from uuid import uuid4

import pytest

from tests.author import Author
from tests.functions.publishing.unsettled import leave_unknown
from tests.line import Line, make_due
from tests.simulator.client import Simulator


def history(author: Author, post: str, **query: Any) -> Any:
    answer = author.api.get(f"/posts/{post}/publish-events", **query)
    assert answer.status == 200, answer.content
    return answer.json


def test_a_post_nobody_scheduled_has_none(author: Author) -> None:
    post, _ = author.write()
    found = history(author, post)
    assert found["post"] == {"id": post, "title": None, "status": "draft"}
    assert found["summary"] == {
        "total_publishes": 0,
        "successful": 0,
        "failed": 0,
        "pending": 0,
        "unknown": 0,
        "success_rate": None,
    }
    assert found["data"] == []
    assert found["pagination"] == {"limit": 50, "offset": 0, "total": 0}
    assert found["filters"] == {"status": None, "channel_id": None}


@pytest.fixture
def eventful(author: Author, line: Line, simulator: Simulator) -> str:
    """A post: published, refused on two networks, unknown, pending, cancelled, and one deleted."""
    post, variant = author.write()
    bluesky = author.api.post(
        f"/posts/{post}/variants", {"channel_id": "bluesky", "content": "Good morning"}
    ).json["data"]["id"]
    toots, skies = author.connect(), author.connect("bluesky")
    published = author.schedule(variant, toots)
    make_due(published)
    line.run()
    refused = [author.schedule(variant, toots), author.schedule(bluesky, skies)]
    for channel, schedule in zip(("mastodon", "bluesky"), refused, strict=True):
        simulator.fail(channel, "refuse")
        make_due(schedule)
        line.run()
    leave_unknown(line, author.schedule(variant, toots))
    author.schedule(variant, toots)
    author.api.post(f"/schedules/{author.schedule(variant, toots)}/cancel")
    deleted = author.schedule(variant, toots)
    make_due(deleted)
    line.run()
    assert author.api.delete(f"/schedules/{deleted}", permanent="true").status == 204
    return post


def test_every_attempt_is_told_and_summed_up(author: Author, eventful: str) -> None:
    found = history(author, eventful)
    assert found["summary"] == {
        "total_publishes": 5,
        "successful": 1,
        "failed": 2,
        "pending": 1,
        "unknown": 1,
        "success_rate": 33.3,
    }
    assert found["pagination"]["total"] == 5
    told = [(row["channel_id"], row["attempt"], row["status"]) for row in found["data"]]
    assert told == [
        ("mastodon", 2, "unknown"),
        ("mastodon", 1, "unknown"),
        ("bluesky", 1, "failed"),
        ("mastodon", 1, "failed"),
        ("mastodon", 1, "success"),
    ]
    *_, refused, published = found["data"]
    detail = author.look(published["schedule_id"])
    [event] = detail["publish_events"]
    assert event.items() <= published.items()
    assert published["external_url"] == detail["schedule"]["external_url"]
    assert published["channel_connection_id"] == detail["schedule"]["channel_connection_id"]
    assert published["response_time_ms"] >= 0
    assert (refused["retry_allowed"], refused["responsible"]) == (False, "user")
    assert refused["action_required"] == "edit"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"status": "failed"}, 2),
        ({"channel_id": "bluesky"}, 1),
        ({"status": "failed", "channel_id": "bluesky"}, 1),
        ({"status": "success", "channel_id": "bluesky"}, 0),
        ({"channel_id": "linkedin"}, 0),
    ],
)
def test_filters_narrow_the_attempts_but_not_the_summary(
    author: Author, eventful: str, query: dict[str, str], count: int
) -> None:
    found = history(author, eventful, **query)
    assert (len(found["data"]), found["pagination"]["total"]) == (count, count)
    assert found["filters"] == {"status": None, "channel_id": None, **query}
    assert found["summary"]["total_publishes"] == 5


def test_pages_and_offsets_cut_the_same_list(author: Author, eventful: str) -> None:
    everything = [row["id"] for row in history(author, eventful)["data"]]
    second = history(author, eventful, page=2, limit=2)
    assert [row["id"] for row in second["data"]] == everything[2:4]
    assert second["pagination"] == {"limit": 2, "offset": 2, "total": 5}
    last = history(author, eventful, offset=4, limit=2)
    assert [row["id"] for row in last["data"]] == everything[4:]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 101},
        {"offset": -1},
        {"page": 0},
        {"page": 2, "offset": 1},
        {"status": "processing"},
        {"channel_id": "x" * 51},
        {"channel_id": "\x00"},
    ],
)
def test_a_filter_that_means_nothing_is_refused(author: Author, query: dict[str, Any]) -> None:
    answer = author.api.get(f"/posts/{uuid4()}/publish-events", **query)
    assert (answer.status, set(answer.codes)) == (400, {"VALIDATION_ERROR"})


@pytest.mark.parametrize("post_id", ["abc", str(uuid4()), "%00"])
def test_an_unknown_or_malformed_post_is_not_found(author: Author, post_id: str) -> None:
    answer = author.api.get(f"/posts/{post_id}/publish-events")
    assert (answer.status, answer.codes) == (404, ["POST_NOT_FOUND"])


def test_nobody_sees_what_became_of_anothers_or_a_deleted_post(
    author: Author, stranger: Author
) -> None:
    post, _ = author.write()
    foreign = stranger.api.get(f"/posts/{post}/publish-events")
    assert (foreign.status, foreign.codes) == (403, ["POST_ACCESS_DENIED"])
    assert author.api.delete(f"/posts/{post}").status == 204
    gone = author.api.get(f"/posts/{post}/publish-events")
    assert (gone.status, gone.codes) == (404, ["POST_NOT_FOUND"])
