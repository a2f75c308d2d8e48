"""Adding to the queue over HTTP: the next free slot is taken, once."""

from functools import partial
from uuid import uuid4

import pytest
from time_machine import Traveller

from shared.publishing.adapters.rabbitmq import WAKE
from tests.author import Author
from tests.functions.publishing.series import change, try_to_recur
from tests.functions.publishing.slots import EVENING, preview, put, queue
from tests.line import Line
from tests.simultaneously import simultaneously

pytestmark = pytest.mark.usefixtures("noon")


def test_the_queue_takes_one_slot_after_the_other(author: Author) -> None:
    connection = author.connect()
    monday = {"weekday": 0, "time": "09:00", "timezone": "Europe/Berlin"}
    put(author, connection, EVENING, monday)
    answers = [queue(author, connection) for _ in range(3)]
    assert [answer.status for answer in answers] == [201] * 3
    assert [answer.json["data"]["run_at"] for answer in answers] == [
        "2026-11-20T18:00:00Z",
        "2026-11-23T08:00:00Z",
        "2026-11-27T18:00:00Z",
    ]
    assert answers[1].json["data"]["timezone"] == "Europe/Berlin"
    following = author.api.get("/slots/next", channel_connection_id=connection).json["data"]
    assert (following["run_at"], following["is_free"]) == ("2026-11-30T08:00:00Z", True)
    assert following["run_at_local"] == "2026-11-30T09:00:00+01:00"


def test_a_preview_tells_what_has_taken_a_slot(author: Author) -> None:
    connection, elsewhere = author.connect(), author.connect()
    put(author, connection, EVENING)
    _, variant = author.write()
    taking = author.schedule(variant, connection, run_at="2026-11-27T18:00:59Z")
    author.schedule(variant, connection, run_at="2026-11-20T18:01:00Z")
    author.schedule(variant, connection, run_at="2026-11-20T17:59:59Z")
    author.schedule(variant, elsewhere, run_at="2026-11-20T18:00:00Z")
    coming = preview(author, connection)
    assert [each["run_at"][:10] for each in coming] == ["2026-11-20", "2026-11-27", "2026-12-04"]
    assert [each["schedule_id"] for each in coming] == [None, taking, None]
    assert [each["is_free"] for each in coming] == [True, False, True]
    assert len(preview(author, connection, 50)) == 13
    assert preview(author, elsewhere) == []


@pytest.mark.parametrize("status", ["cancelled", "skipped", "failed"])
def test_what_will_not_leave_frees_its_slot(author: Author, status: str) -> None:
    connection = author.connect()
    put(author, connection, EVENING)
    schedule = queue(author, connection).json["data"]["id"]
    change("UPDATE schedules SET status = :status", status=status)
    coming = preview(author, connection, 1)
    assert coming[0]["is_free"], schedule


def test_a_deleted_schedule_frees_its_slot_and_an_occurrence_takes_one(author: Author) -> None:
    connection = author.connect()
    put(author, connection, EVENING)
    schedule = queue(author, connection).json["data"]["id"]
    author.api.delete(f"/schedules/{schedule}", permanent="true")
    assert preview(author, connection, 1)[0]["is_free"]
    _, variant = author.write()
    series = try_to_recur(author, variant, connection).json["data"]
    [taken] = preview(author, connection, 1)
    assert taken["schedule_id"] == series["next_occurrences"][0]["schedule_id"]
    assert queue(author, connection).json["data"]["run_at"] == "2026-12-04T18:00:00Z"


@pytest.mark.parametrize(
    ("noon", "expected"),
    [
        ("2027-03-20T12:00Z", ["03-21T01:30:00Z", "03-28T01:30:00Z", "04-04T00:30:00Z"]),
        ("2027-10-23T12:00Z", ["10-24T00:30:00Z", "10-31T00:30:00Z", "11-07T01:30:00Z"]),
    ],
    indirect=["noon"],
)
def test_a_slot_in_the_gap_moves_and_one_that_comes_twice_fires_once(
    author: Author, expected: list[str]
) -> None:
    connection = author.connect()
    put(author, connection, {"weekday": "sunday", "time": "02:30", "timezone": "Europe/Berlin"})
    assert [each["run_at"][5:] for each in preview(author, connection)] == expected
    queued = [queue(author, connection).json["data"]["run_at"][5:] for _ in range(3)]
    assert queued == expected


def test_no_slots_and_no_free_slot(author: Author) -> None:
    connection = author.connect()
    for refused in (
        queue(author, connection),
        author.api.get("/slots/next", channel_connection_id=connection),
    ):
        assert (refused.status, refused.codes) == (409, ["NO_SLOTS"])
    put(author, connection, EVENING)
    assert [queue(author, connection).status for _ in range(13)] == [201] * 13
    for refused in (
        queue(author, connection),
        author.api.get("/slots/next", channel_connection_id=connection),
    ):
        assert (refused.status, refused.codes) == (409, ["NO_FREE_SLOT"])


def test_the_queue_takes_only_what_may_be_scheduled(author: Author) -> None:
    connection = author.connect("bluesky")
    put(author, connection, EVENING)
    answer = queue(author, connection)
    assert (answer.status, answer.codes) == (400, ["INCOMPATIBLE_CHANNEL"])
    unknown = queue(author, connection, str(uuid4()))
    assert (unknown.status, unknown.codes) == (404, ["VARIANT_NOT_FOUND"])
    assert queue(author, str(uuid4())).codes == ["CONNECTION_NOT_FOUND"]


def test_a_thread_takes_one_slot(author: Author) -> None:
    connection = author.connect()
    put(author, connection, EVENING)
    _, variant = author.write(thread=[("and then", 60)])
    answer = queue(author, connection, variant)
    assert [part["part"] for part in answer.json["follow_ups"]] == [1]
    assert [each["is_free"] for each in preview(author, connection, 2)] == [False, True]


def test_a_warning_where_a_variant_was_published(author: Author) -> None:
    connection = author.connect()
    put(author, connection, EVENING)
    _, variant = author.write()
    change("UPDATE post_variants SET status = 'published', published_at = created_at")
    answer = queue(author, connection, variant)
    assert [each["code"] for each in answer.json["warnings"]] == ["VARIANT_ALREADY_PUBLISHED"]


def test_a_slot_within_the_minute_wakes_the_scanner(
    author: Author, noon: Traveller, line: Line
) -> None:
    connection = author.connect()
    put(author, connection, EVENING)
    noon.move_to("2026-11-20T12:05:00Z")
    put(author, connection, {"weekday": "friday", "time": "12:06", "timezone": "UTC"})
    assert queue(author, connection).status == 201
    assert len(line.taken(WAKE)) == 1
    assert queue(author, connection).status == 201
    assert line.taken(WAKE) == []


def test_two_at_once_never_take_the_same_slot(author: Author) -> None:
    connection = author.connect()
    put(author, connection, EVENING)
    variants = [author.write()[1] for _ in range(6)]
    answers = simultaneously([partial(queue, author, connection, variant) for variant in variants])
    assert [answer.status for answer in answers] == [201] * 6
    taken = sorted(answer.json["data"]["run_at"] for answer in answers)
    assert len(set(taken)) == 6
    assert taken[0] == "2026-11-20T18:00:00Z"
