"""Threads over HTTP: planned, listed, moved and taken back together."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.author import Author, in_future
from tests.thread import Thread


@pytest.fixture
def thread(author: Author) -> Thread:
    return Thread.of(author, delay=60)


def told(name: str, thread: Thread) -> list[str]:
    """The schedules that an event was told of, in the order of the thread."""
    query = text("SELECT subject_id FROM business_events WHERE name = :name")
    with engine().connect() as database:
        found = {str(each) for each in database.scalars(query, {"name": name})}
    assert found <= set(thread.ids)
    return [each for each in thread.ids if each in found]


def run_ats(thread: Thread) -> list[datetime]:
    return [datetime.fromisoformat(each["run_at"]) for each in thread.schedules()]


def ended(schedule_id: str, status: str) -> None:
    """As the publisher would leave it."""
    with engine().begin() as database:
        database.execute(
            text("UPDATE schedules SET status = :status WHERE id = :id"),
            {"status": status, "id": schedule_id},
        )


def test_every_part_has_a_schedule_of_its_own(thread: Thread) -> None:
    root, second, third = thread.schedules()
    assert [each["part"] for each in (root, second, third)] == [0, 1, 2]
    assert [each["delay_seconds"] for each in (root, second, third)] == [0, 60, 60]
    assert [each["root_schedule_id"] for each in (root, second, third)] == [
        None,
        root["id"],
        root["id"],
    ]
    start = run_ats(thread)[0]
    assert run_ats(thread) == [start, start + timedelta(minutes=1), start + timedelta(minutes=2)]
    assert thread.statuses() == ["pending"] * 3
    assert thread.post_status == "scheduled"
    assert told("SCHEDULE_CREATED", thread) == thread.ids


def test_all_parts_are_listed_in_their_order(thread: Thread) -> None:
    listed = thread.author.api.get("/schedules").json
    assert [each["id"] for each in listed["data"]] == thread.ids
    assert listed["meta"]["total"] == 3


def test_a_text_alone_is_one_schedule(author: Author) -> None:
    _, variant = author.write()
    answer = author.try_to_schedule(variant, author.connect())
    assert answer.json["follow_ups"] == []
    assert answer.json["data"]["part"] == 0
    assert author.api.get("/schedules").json["meta"]["total"] == 1


def test_an_accounts_own_limit_counts_for_every_part(author: Author) -> None:
    _, variant = author.write("x" * 99, thread=[("x" * 100, 0), ("x" * 99, 0), ("x" * 101, 0)])
    connection = author.connect()
    with engine().begin() as database:
        database.execute(text("""UPDATE channel_connections SET limits = '{"max_length": 99}'"""))
    answer = author.try_to_schedule(variant, connection)
    assert (answer.status, answer.codes) == (400, ["CONTENT_TOO_LONG"] * 2)
    told = [error["meta"] for error in answer.json["errors"]]
    assert [(each["count"], each["limit"], each["part"]) for each in told] == [
        (100, 99, 1),
        (101, 99, 3),
    ]
    assert author.api.get("/schedules").json["meta"]["total"] == 0


def test_a_follow_up_is_no_twin_of_a_root_at_the_same_moment(author: Author) -> None:
    _, variant = author.write("First", thread=[("Second", 60)])
    connection = author.connect()
    first = author.try_to_schedule(variant, connection)
    moment = first.json["follow_ups"][0]["run_at"]
    for codes in ([], ["IDENTICAL_SCHEDULE"]):
        answer = author.try_to_schedule(variant, connection, run_at=moment)
        told = {each["code"] for each in answer.json["warnings"]}
        assert sorted(told - {"DUPLICATE_CONTENT", "SCHEDULES_CLOSE_TOGETHER"}) == codes


@pytest.mark.parametrize(
    ("which", "statuses", "post"),
    [
        (0, ["cancelled"] * 3, "cancelled"),
        (1, ["pending", "cancelled", "cancelled"], "scheduled"),
        (2, ["pending", "pending", "cancelled"], "scheduled"),
    ],
)
def test_cancelling_takes_what_follows_with_it(
    thread: Thread, which: int, statuses: Sequence[str], post: str
) -> None:
    answer = thread.author.api.post(f"/schedules/{thread.ids[which]}/cancel", {"reason": "rain"})
    assert (answer.status, answer.json["data"]["id"]) == (200, thread.ids[which])
    assert thread.statuses() == statuses
    reasons = [each["cancellation_reason"] for each in thread.schedules()]
    assert reasons == ["rain" if status == "cancelled" else None for status in statuses]
    assert told("SCHEDULE_CANCELLED", thread) == thread.ids[which:]
    assert thread.post_status == post
    again = thread.author.api.post(f"/schedules/{thread.ids[which]}/cancel")
    assert (again.status, again.codes) == (409, ["SCHEDULE_ALREADY_CANCELLED"])


def test_a_root_that_is_out_leaves_its_follow_ups_to_be_cancelled(thread: Thread) -> None:
    ended(thread.ids[0], "success")
    refused = thread.author.api.post(f"/schedules/{thread.ids[0]}/cancel")
    assert (refused.status, refused.codes) == (409, ["SCHEDULE_CANNOT_BE_CANCELLED"])
    assert thread.statuses() == ["success", "pending", "pending"]
    assert thread.author.api.post(f"/schedules/{thread.ids[1]}/cancel").status == 200
    assert thread.statuses() == ["success", "cancelled", "cancelled"]
    assert thread.post_status == "published"


@pytest.mark.parametrize("asked", [[0], [0, 1, 2], [2, 1, 0], [1, 0]])
def test_many_are_cancelled_with_what_follows_them(thread: Thread, asked: list[int]) -> None:
    alone = thread.author.scheduled()
    ids = [thread.ids[which] for which in asked]
    answer = thread.author.api.post("/schedules/bulk-cancel", {"schedule_ids": [*ids, alone]})
    assert answer.status == 200, answer.content
    assert answer.json["data"] == {"cancelled": len(ids) + 1, "failed": 0, "errors": []}
    assert thread.statuses() == ["cancelled"] * 3
    assert thread.author.status(alone) == "cancelled"


def test_a_root_moves_and_what_waits_for_it_moves_along(thread: Thread) -> None:
    cancelled = run_ats(thread)[2]
    assert thread.author.api.post(f"/schedules/{thread.ids[2]}/cancel").status == 200
    moment = datetime.fromisoformat(in_future(days=3))
    change = {"run_at": moment.isoformat(), "timezone": "Asia/Tokyo"}
    assert thread.author.api.patch(f"/schedules/{thread.ids[0]}", change).status == 200
    assert run_ats(thread) == [moment, moment + timedelta(seconds=60), cancelled]
    assert [each["timezone"] for each in thread.schedules()] == ["Asia/Tokyo", "Asia/Tokyo", "UTC"]
    assert thread.schedules()[1]["next_attempt_at"] == thread.schedules()[1]["run_at"]
    assert told("SCHEDULE_UPDATED", thread) == thread.ids[:2]


def test_a_follow_up_goes_with_its_root(thread: Thread) -> None:
    path = f"/schedules/{thread.ids[1]}"
    for answer in (
        thread.author.api.patch(path, {"run_at": in_future(days=1)}),
        thread.author.api.delete(path, permanent="true"),
    ):
        assert (answer.status, answer.codes) == (409, ["SCHEDULE_FOLLOWS_ANOTHER"])
        assert answer.json["errors"][0]["meta"] == {"root_schedule_id": thread.ids[0]}
    assert thread.statuses() == ["pending"] * 3


def test_a_thread_is_deleted_as_a_whole(thread: Thread) -> None:
    path = f"/schedules/{thread.ids[0]}"
    ended(thread.ids[0], "failed")
    assert thread.author.api.delete(path, permanent="true").status == 204
    assert thread.author.api.get("/schedules").json["meta"]["total"] == 0
    assert told("SCHEDULE_DELETED", thread) == thread.ids
    assert thread.post_status == "draft"
    assert thread.author.api.delete(f"/posts/{thread.post}").status == 204


@pytest.mark.parametrize("cause", ["post", "variant", "connection"])
def test_what_takes_a_root_away_takes_its_follow_ups_too(thread: Thread, cause: str) -> None:
    paths = {
        "post": f"/posts/{thread.post}",
        "variant": f"/variants/{thread.variant}",
        "connection": f"/channels/connections/{thread.connection}",
    }
    refused = thread.author.api.delete(paths[cause])
    assert refused.status == 409
    assert list(refused.json["errors"][0]["meta"].values()) == [3]
    forced = thread.author.api.delete(paths[cause], force="true", cancel_schedules="true")
    assert forced.status in {200, 204}
    assert thread.statuses() == ["cancelled"] * 3


@pytest.mark.parametrize("status", ["failed", "unknown"])
def test_what_waits_behind_a_failure_says_nothing_of_its_post(thread: Thread, status: str) -> None:
    ended(thread.ids[0], status)
    other = thread.author.schedule(thread.variant, thread.connection, run_at=in_future(hours=5))
    assert thread.post_status == "scheduled"
    assert thread.author.api.post(f"/schedules/{other}/cancel").status == 200
    assert thread.post_status == "failed"
    assert thread.statuses() == [status, "pending", "pending"]


def test_a_root_that_a_person_found_lets_the_next_part_follow(thread: Thread) -> None:
    ended(thread.ids[0], "unknown")
    found = {"outcome": "published", "url": "https://example.social/@ada/1"}
    answer = thread.author.api.post(f"/schedules/{thread.ids[0]}/resolve", found)
    assert answer.status == 200, answer.content
    root, second, third = thread.schedules()
    assert root["status"] == "success"
    due = datetime.fromisoformat(second["next_attempt_at"])
    assert timedelta() < due - datetime.fromisoformat(in_future()) <= timedelta(seconds=60)
    with engine().connect() as database:
        waiting = database.scalars(
            text("SELECT id FROM schedules WHERE waiting_reason = 'PREVIOUS_PART'")
        ).all()
    assert [str(each) for each in waiting] == [third["id"]]
    assert thread.post_status == "scheduled"
