"""Many schedules are taken back at once, each judged for itself."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from tests.api import ApiAnswer
from tests.author import Author
from tests.simultaneously import simultaneously


def cancel(author: Author, *schedules: str, **more: Any) -> ApiAnswer:
    return author.api.post("/schedules/bulk-cancel", {"schedule_ids": [*schedules], **more})


def test_each_is_judged_for_itself(author: Author, stranger: Author) -> None:
    post, variant = author.write()
    connection = author.connect()
    first, second, gone = (author.schedule(variant, connection) for _ in range(3))
    foreign, nobodys = stranger.scheduled(), str(uuid4())
    author.api.post(f"/schedules/{gone}/cancel", {"reason": "earlier"})
    asked = [second, "nonsense", gone, foreign, first.upper(), nobodys, first, "nonsense"]
    answer = cancel(author, *asked, reason="sold out")
    assert answer.status == 200
    data = answer.json["data"]
    assert (data["cancelled"], data["failed"]) == (2, 4)
    assert [(error["schedule_id"], error["error_code"]) for error in data["errors"]] == [
        ("nonsense", "SCHEDULE_NOT_FOUND"),
        (gone, "SCHEDULE_ALREADY_CANCELLED"),
        (foreign, "SCHEDULE_ACCESS_DENIED"),
        (nobodys, "SCHEDULE_NOT_FOUND"),
    ]
    assert all(error["error_description"] for error in data["errors"])
    assert data["errors"][1]["error_description"] == "It is cancelled already"
    for schedule in (first, second):
        shown = author.look(schedule)["schedule"]
        assert (shown["status"], shown["cancellation_reason"]) == ("cancelled", "sold out")
    assert author.look(gone)["schedule"]["cancellation_reason"] == "earlier"
    assert stranger.status(foreign) == "pending"
    assert author.post_status(post) == "cancelled"


THREAD = [("Second", 9), ("Third", 9)]


def _parts(author: Author) -> list[str]:
    return sorted(row["id"] for row in author.api.get("/schedules").json["data"])


@pytest.mark.parametrize("root_first", [True, False])
def test_a_thread_is_taken_back_in_any_order(author: Author, *, root_first: bool) -> None:
    author.schedule(author.write(thread=THREAD)[1], author.connect())
    parts = _parts(author)
    assert len(parts) == 3
    data = cancel(author, *(parts if root_first else parts[::-1])).json["data"]
    assert data == {"cancelled": 3, "failed": 0, "errors": []}
    assert {author.status(part) for part in parts} == {"cancelled"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "schedule_ids"),
        ({"schedule_ids": None}, "schedule_ids"),
        ({"schedule_ids": []}, "schedule_ids"),
        ({"schedule_ids": "abc"}, "schedule_ids"),
        ({"schedule_ids": [7]}, "schedule_ids.0"),
        ({"schedule_ids": ["a", None]}, "schedule_ids.1"),
        ({"schedule_ids": ["a" * 101]}, "schedule_ids.0"),
        ({"schedule_ids": ["\ud800"]}, "schedule_ids.0"),
        ({"schedule_ids": [f"{number}" for number in range(501)]}, "schedule_ids"),
        ({"schedule_ids": ["a"], "reason": "x" * 501}, "reason"),
        ({"schedule_ids": ["a"], "reason": 7}, "reason"),
    ],
)
def test_a_list_that_means_nothing_is_refused(author: Author, body: Any, field: str) -> None:
    answer = author.api.post("/schedules/bulk-cancel", body)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert answer.json["errors"][0]["field"] == field


def test_five_hundred_are_taken(author: Author) -> None:
    written = [f"\x00{number}" for number in range(250)] + [str(uuid4()) for _ in range(250)]
    data = cancel(author, *written).json["data"]
    assert (data["cancelled"], data["failed"]) == (0, 500)
    assert [error["schedule_id"] for error in data["errors"]] == written


def test_a_reason_the_database_cannot_hold_cancels_nothing(author: Author) -> None:
    schedule = author.scheduled()
    answer = cancel(author, schedule, reason="a\x00b")
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert author.status(schedule) == "pending"


def test_those_who_cancel_the_same_in_any_order_do_not_wait_in_a_circle(author: Author) -> None:
    _, variant = author.write()
    connection = author.connect()
    schedules = [author.schedule(variant, connection) for _ in range(12)]
    answers = simultaneously(
        [partial(cancel, author, *some) for some in (schedules, schedules[::-1]) * 2]
    )
    assert [answer.status for answer in answers] == [200] * 4
    assert sum(answer.json["data"]["cancelled"] for answer in answers) == 12
    assert {author.status(schedule) for schedule in schedules} == {"cancelled"}


def test_those_who_cancel_threads_by_their_roots_or_parts_do_not_either(author: Author) -> None:
    _, variant = author.write(thread=THREAD)
    connection = author.connect()
    roots = [author.schedule(variant, connection) for _ in range(4)]
    parts = _parts(author)
    answers = simultaneously([partial(cancel, author, *some) for some in (roots, parts) * 3])
    assert [answer.status for answer in answers] == [200] * 6
    assert len(parts) == 12
    assert {author.status(part) for part in parts} == {"cancelled"}
