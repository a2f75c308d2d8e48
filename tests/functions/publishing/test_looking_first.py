"""What may have been sent is looked for before anything is sent again."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.author import Author
from tests.line import Line, make_due
from tests.simulator.client import Simulator


@pytest.mark.parametrize("channel", ["mastodon", "bluesky"])
@pytest.mark.parametrize("kind", ["hang_after_accepting", "fail_after_accepting", "malformed"])
def test_an_unanswered_post_is_found_and_not_sent_again(
    author: Author, line: Line, simulator: Simulator, channel: str, kind: str
) -> None:
    schedule = author.scheduled(channel=channel)
    simulator.fail(channel, kind, seconds=3)
    make_due(schedule)
    line.run()
    detail = author.look(schedule)
    assert detail["schedule"]["status"] == "processing"
    assert [event["status"] for event in detail["publish_events"]] == ["unknown"]
    assert author.api.post(f"/schedules/{schedule}/cancel").status == 409
    make_due(schedule)
    line.run()
    detail = author.look(schedule)
    assert detail["schedule"]["status"] == "success"
    assert [event["status"] for event in detail["publish_events"]] == ["unknown", "success"]
    [receipt] = simulator.receipts()
    assert detail["publish_events"][1]["external_post_id"] == receipt["id"]


@pytest.mark.parametrize("channel", ["mastodon", "bluesky"])
def test_a_publisher_that_died_before_sending_is_made_up_for(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    schedule = author.scheduled(channel=channel)
    make_due(schedule)
    line.scan()
    line.start_and_die()
    make_due(schedule)
    line.run()
    assert author.status(schedule) == "success"
    assert len(simulator.receipts()) == 1


def test_attempts_that_nobody_survives_end_with_a_person(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    for _ in range(6):
        make_due(schedule)
        line.scan()
        line.start_and_die()
    make_due(schedule)
    line.run()
    found = author.look(schedule)["schedule"]
    assert (found["status"], found["error_code"]) == ("unknown", "TOO_MANY_ATTEMPTS")
    assert found["action_required"] == "confirm"
    assert simulator.receipts() == []
    make_due(schedule)
    assert line.run() == 0


def test_after_the_last_attempt_somebody_still_looks(
    author: Author, line: Line, simulator: Simulator
) -> None:
    arrived, lost = author.scheduled("It arrived"), author.scheduled("It did not")
    simulator.fail("mastodon", "fail_after_accepting", text_contains="It arrived")
    make_due(arrived)
    line.run()
    make_due(lost)
    line.scan()
    line.start_and_die()
    with engine().begin() as database:
        database.execute(text("UPDATE schedules SET attempts_allowed = attempt_count"))
    for schedule in (arrived, lost):
        make_due(schedule)
    line.run()
    assert author.status(arrived) == "success"
    found = author.look(lost)["schedule"]
    assert (found["status"], found["error_code"]) == ("failed", "TOO_MANY_ATTEMPTS")
    assert len(simulator.receipts()) == 1


@pytest.mark.parametrize(
    ("statement", "late", "code"),
    [
        ("UPDATE users SET status = 'disabled' WHERE NOT is_root", 1, "OWNER_DISABLED"),
        ("SELECT 1", 61 * 60, "TOO_LATE"),
    ],
)
def test_an_open_attempt_is_looked_for_but_no_longer_sent(
    author: Author, line: Line, simulator: Simulator, statement: str, late: int, code: str
) -> None:
    arrived, lost = author.scheduled("It arrived"), author.scheduled("It did not")
    simulator.fail("mastodon", "fail_after_accepting", text_contains="It arrived")
    make_due(arrived)
    line.run()
    make_due(lost)
    line.scan()
    line.start_and_die()
    with engine().begin() as database:
        database.execute(text(statement))
    for schedule in (arrived, lost):
        make_due(schedule, late=timedelta(seconds=late))
    line.run()
    with engine().connect() as database:
        rows = database.execute(text("SELECT status, error_code FROM schedules ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("success", None), ("failed", code)]
    assert len(simulator.receipts()) == 1


def test_what_may_have_been_sent_cannot_be_cancelled_or_skipped(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.scan()
    line.start_and_die()
    make_due(schedule)
    line.scan()
    assert author.api.post(f"/schedules/{schedule}/cancel").status == 409
    with engine().begin() as database:
        database.execute(text("UPDATE posts SET deleted_at = now()"))
    make_due(schedule)
    line.run()
    with engine().connect() as database:
        assert database.scalar(text("SELECT status FROM schedules")) == "unknown"


def test_what_was_looked_for_and_not_found_is_settled(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.scan()
    line.start_and_die()
    simulator.fail("mastodon", "refuse")
    make_due(schedule)
    line.run()
    events = author.look(schedule)["publish_events"]
    assert [event["status"] for event in events] == ["failed", "failed"]
    assert events[0]["error_code"] == "NOT_SENT"


def test_twins_are_not_mistaken_for_each_other(
    author: Author, line: Line, simulator: Simulator
) -> None:
    _, variant = author.write("Twice on purpose")
    connection = author.connect()
    first, second, third = (author.schedule(variant, connection) for _ in range(3))
    make_due(first)
    line.run()
    for schedule in (second, third):
        make_due(schedule)
    line.scan()
    line.start_and_die()
    for schedule in (second, third):
        make_due(schedule)
    line.run()
    schedules = [first, second, third]
    assert [author.status(schedule) for schedule in schedules] == ["success"] * 3
    ids = {author.look(each)["publish_events"][-1]["external_post_id"] for each in schedules}
    assert ids == {receipt["id"] for receipt in simulator.receipts()}
    assert len(ids) == 3


def test_twins_that_arrived_unheard_are_told_apart(
    author: Author, line: Line, simulator: Simulator
) -> None:
    _, variant = author.write("Twice on purpose")
    connection = author.connect()
    twins = [author.schedule(variant, connection) for _ in range(2)]
    simulator.fail("mastodon", "fail_after_accepting", times=2)
    for _ in range(2):
        for schedule in twins:
            make_due(schedule)
        line.run()
    ids = {author.look(each)["publish_events"][-1]["external_post_id"] for each in twins}
    assert ids == {receipt["id"] for receipt in simulator.receipts()}
    assert len(ids) == 2
