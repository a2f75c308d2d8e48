"""What was skipped goes on when a person says so."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from tests.author import Author, in_future
from tests.functions.publishing.series import change
from tests.line import Line, make_due
from tests.simulator.client import Simulator
from tests.thread import IN_ORDER, Thread, arrived

TOO_LATE = timedelta(minutes=61)


@pytest.fixture
def skipped(author: Author, line: Line) -> str:
    schedule = author.scheduled()
    make_due(schedule, late=TOO_LATE)
    line.run()
    assert author.status(schedule) == "skipped"
    return schedule


def test_it_is_tried_again_at_once(
    author: Author, skipped: str, line: Line, simulator: Simulator
) -> None:
    before = author.look(skipped)["schedule"]
    assert author.post_status(before["post_id"]) == "failed"
    answer = author.api.post(f"/schedules/{skipped}/retry")
    assert answer.status == 200
    again = answer.json["data"]
    assert (again["status"], again["run_at"]) == ("pending", before["run_at"])
    assert (again["error_code"], again["error_message"]) == (None, None)
    assert author.post_status(before["post_id"]) == "scheduled"
    assert line.run() == 1
    assert author.status(skipped) == "success"
    assert len(simulator.receipts()) == 1


def test_it_is_moved(author: Author, skipped: str, line: Line, simulator: Simulator) -> None:
    run_at = in_future(hours=2)
    answer = author.api.patch(f"/schedules/{skipped}", {"run_at": run_at})
    moved = answer.json["data"]
    assert (answer.status, moved["status"], moved["error_message"]) == (200, "pending", None)
    assert moved["planned_at"] == moved["run_at"]
    assert line.run() == 0
    make_due(skipped)
    assert line.run() == 1
    assert len(simulator.receipts()) == 1


def test_it_is_not_moved_by_a_new_zone_alone_into_the_past(author: Author, skipped: str) -> None:
    change("UPDATE schedules SET run_at = run_at - interval '2 days'")
    answer = author.api.patch(f"/schedules/{skipped}", {"timezone": "Asia/Tokyo"})
    assert (answer.status, answer.codes) == (400, ["SCHEDULE_TIME_MUST_BE_FUTURE"])
    assert author.status(skipped) == "skipped"


@pytest.mark.parametrize(
    ("statement", "status", "code"),
    [
        ("UPDATE channel_connections SET status = 'error'", 400, "CONNECTION_INACTIVE"),
        ("UPDATE post_variants SET content = repeat('a', 501)", 400, "CONTENT_TOO_LONG"),
        ("UPDATE posts SET deleted_at = now()", 409, "POST_DELETED"),
    ],
)
def test_what_does_not_fit_stays_skipped(
    author: Author, skipped: str, statement: str, status: int, code: str
) -> None:
    change(statement)
    for answer in (
        author.api.post(f"/schedules/{skipped}/retry"),
        author.api.patch(f"/schedules/{skipped}", {"run_at": in_future(hours=2)}),
    ):
        assert (answer.status, answer.codes) == (status, [code])
    assert author.status(skipped) == "skipped"


def test_it_cannot_be_cancelled_and_says_so(author: Author, skipped: str) -> None:
    answer = author.api.post(f"/schedules/{skipped}/cancel")
    assert (answer.status, answer.codes) == (409, ["SCHEDULE_CANNOT_BE_CANCELLED"])
    [error] = answer.json["errors"]
    assert error["error_description"] == "It was skipped, and cannot be cancelled"


@pytest.fixture
def stopped(author: Author, line: Line) -> Thread:
    """A thread of three that came too late."""
    thread = Thread.of(author)
    make_due(thread.ids[0], late=TOO_LATE)
    line.run()
    assert thread.statuses() == ["skipped"] * 3
    return thread


def test_a_thread_goes_on_with_its_root(stopped: Thread, line: Line, simulator: Simulator) -> None:
    stopped.retry(0)
    root, *parts = stopped.schedules()
    assert (root["status"], root["waiting_reason"]) == ("pending", None)
    for part in parts:
        assert (part["status"], part["waiting_reason"]) == ("pending", "PREVIOUS_PART")
        assert (part["error_code"], part["error_message"]) == (None, None)
    assert [line.run(), line.run(), line.run()] == [1, 1, 1]
    assert arrived(simulator) == IN_ORDER
    assert stopped.post_status == "published"


def test_a_thread_is_moved_with_its_root(author: Author, stopped: Thread) -> None:
    answer = author.api.patch(f"/schedules/{stopped.ids[0]}", {"run_at": in_future(hours=2)})
    assert answer.status == 200
    assert stopped.statuses() == ["pending"] * 3
    assert {each["run_at"] for each in stopped.schedules()} == {answer.json["data"]["run_at"]}
    assert stopped.post_status == "scheduled"


def test_a_follow_up_does_not_go_on_by_itself(author: Author, stopped: Thread) -> None:
    for part, previous in ((1, 0), (2, 1)):
        answer = author.api.post(f"/schedules/{stopped.ids[part]}/retry")
        assert (answer.status, answer.codes) == (409, ["PREVIOUS_PART_NOT_PUBLISHED"])
        [error] = answer.json["errors"]
        assert error["meta"] == {"previous_schedule_id": stopped.ids[previous]}
        moved = author.api.patch(f"/schedules/{stopped.ids[part]}", {"run_at": in_future(hours=2)})
        assert (moved.status, moved.codes) == (409, ["SCHEDULE_FOLLOWS_ANOTHER"])
    assert stopped.statuses() == ["skipped"] * 3


def test_a_follow_up_goes_on_once_the_part_before_it_is_out(
    author: Author, line: Line, simulator: Simulator
) -> None:
    thread = Thread.of(author)
    make_due(thread.ids[0])
    assert line.run() == 1
    make_due(thread.ids[1], late=TOO_LATE)
    assert line.run() == 0
    assert thread.statuses() == ["success", "skipped", "skipped"]
    assert thread.post_status == "partial"
    thread.retry(1)
    assert [line.run(), line.run(), line.run()] == [1, 1, 0]
    assert arrived(simulator) == IN_ORDER
    assert thread.post_status == "published"


def test_what_may_have_been_sent_tells_when_it_is_looked_for(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    simulator.fail("mastodon", "fail_after_accepting")
    make_due(schedule)
    line.run()
    seen = author.look(schedule)["schedule"]
    assert (seen["status"], seen["error_class"] is None) == ("processing", False)
    looked_for_at = datetime.fromisoformat(seen["planned_at"])
    assert looked_for_at > utc_now()
    with engine().connect() as database:
        assert looked_for_at == database.scalar(text("SELECT lease_expires_at FROM schedules"))
    [listed] = author.api.get("/schedules").json["data"]
    assert listed == seen
