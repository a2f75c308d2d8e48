"""What is told at scheduling of what is near: accepted all the same."""

from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.author import Author

MOMENT = "2027-03-10T12:00:00Z"

pytestmark = [
    pytest.mark.usefixtures("noon"),
    pytest.mark.parametrize("noon", ["2027-03-01T12:00:00Z"], indirect=True),
]


def schedule(author: Author, words: str, connection: str, run_at: str, **more: Any) -> list[str]:
    """The codes that are told of a new variant's schedule."""
    _, variant = author.write(words, **more)
    answer = author.try_to_schedule(variant, connection, run_at=run_at)
    assert answer.status == 201, answer.content
    return [warning["code"] for warning in answer.json["warnings"]]


@pytest.mark.parametrize(
    ("run_at", "codes"),
    [
        ("2027-03-09T11:59:59Z", []),
        ("2027-03-09T12:00:00Z", ["DUPLICATE_CONTENT"]),
        ("2027-03-10T11:59:00Z", ["DUPLICATE_CONTENT"]),
        ("2027-03-10T11:59:01Z", ["DUPLICATE_CONTENT", "SCHEDULES_CLOSE_TOGETHER"]),
        ("2027-03-10T12:00:00Z", ["DUPLICATE_CONTENT", "SCHEDULES_CLOSE_TOGETHER"]),
        ("2027-03-10T12:00:59Z", ["DUPLICATE_CONTENT", "SCHEDULES_CLOSE_TOGETHER"]),
        ("2027-03-10T12:01:00Z", ["DUPLICATE_CONTENT"]),
        ("2027-03-11T12:00:00Z", ["DUPLICATE_CONTENT"]),
        ("2027-03-11T12:00:01Z", []),
    ],
)
def test_the_same_text_within_a_day_and_any_within_a_minute(
    author: Author, run_at: str, codes: list[str]
) -> None:
    connection, other = author.connect(), author.connect()
    assert schedule(author, "Tea", connection, MOMENT) == []
    assert schedule(author, "Tea", other, run_at) == []
    assert schedule(author, "Cake", connection, run_at) == [
        code for code in codes if code != "DUPLICATE_CONTENT"
    ]
    with engine().begin() as database:
        database.execute(
            text(
                "UPDATE schedules SET status = 'cancelled' WHERE post_variant_id IN"
                " (SELECT id FROM post_variants WHERE content = 'Cake')"
            )
        )
    assert schedule(author, "Tea", connection, run_at) == codes


@pytest.mark.parametrize(
    ("status", "is_near"),
    [
        ("pending", True),
        ("success", True),
        ("unknown", True),
        ("failed", False),
        ("cancelled", False),
        ("skipped", False),
    ],
)
def test_only_what_leaves_or_may_have_left_counts(
    author: Author, status: str, *, is_near: bool
) -> None:
    connection = author.connect()
    assert schedule(author, "Tea", connection, MOMENT) == []
    with engine().begin() as database:
        database.execute(text("UPDATE schedules SET status = :status"), {"status": status})
    found = schedule(author, "Tea", connection, MOMENT)
    assert found == ["DUPLICATE_CONTENT", "SCHEDULES_CLOSE_TOGETHER"] * is_near


def test_an_identical_schedule_is_all_of_it(author: Author) -> None:
    _, variant = author.write("Tea")
    connection = author.connect()
    author.schedule(variant, connection, run_at=MOMENT)
    again = author.try_to_schedule(variant, connection, run_at=MOMENT)
    assert [warning["code"] for warning in again.json["warnings"]] == [
        "IDENTICAL_SCHEDULE",
        "DUPLICATE_CONTENT",
        "SCHEDULES_CLOSE_TOGETHER",
    ]


def test_the_parts_of_one_thread_do_not_crowd_each_other(author: Author) -> None:
    thread = [("Tea", 0), ("Tea", 5)]
    assert schedule(author, "Tea", author.connect(), MOMENT, thread=thread) == []


def test_each_part_of_a_thread_says_something(author: Author) -> None:
    connection = author.connect()
    assert schedule(author, "Tea", connection, MOMENT, thread=[("Cake", 7200)]) == []
    before = "2027-03-10T10:00:00Z"
    assert schedule(author, "Cake", connection, before) == ["DUPLICATE_CONTENT"]
    found = schedule(
        author, "Jam", connection, before.replace("10:00", "09:00"), thread=[("Tea", 60)]
    )
    assert found == ["DUPLICATE_CONTENT"]
    found = schedule(author, "Milk", connection, "2027-03-10T13:59:30Z", thread=[("Salt", 3600)])
    assert found == ["SCHEDULES_CLOSE_TOGETHER"]


def test_other_organizations_say_what_they_like(author: Author, stranger: Author) -> None:
    assert schedule(stranger, "Tea", stranger.connect(), MOMENT) == []
    assert schedule(author, "Tea", author.connect(), MOMENT) == []


def test_what_was_published_counts_also_when_its_post_is_gone(author: Author) -> None:
    connection = author.connect()
    post, variant = author.write("Tea")
    author.schedule(variant, connection, run_at=MOMENT)
    with engine().begin() as database:
        database.execute(text("UPDATE schedules SET status = 'success'"))
    assert author.api.delete(f"/posts/{post}").status == 204
    assert schedule(author, "Tea", connection, "2027-03-10T12:30:00Z") == ["DUPLICATE_CONTENT"]
