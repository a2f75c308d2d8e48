"""A thread from the scanner to the network: part after part, each once."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.publishing.adapters.rabbitmq import WAKE
from tests.author import Author
from tests.line import Line, make_due
from tests.simulator.client import Simulator
from tests.simultaneously import simultaneously
from tests.thread import IN_ORDER, Thread, arrived

CHANNELS = pytest.mark.parametrize("channel", ["mastodon", "bluesky"])


@CHANNELS
def test_each_part_replies_to_the_one_before_it(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    thread = Thread.of(author, channel)
    thread.make_due(late=timedelta(minutes=30))
    for part in range(3):
        assert thread.statuses() == ["success"] * part + ["pending"] * (3 - part)
        assert thread.post_status == "scheduled"
        assert line.run() == 1
        assert arrived(simulator) == IN_ORDER[: part + 1]
    assert thread.attempts() == [["success"]] * 3
    assert thread.post_status == "published"
    thread.make_due()
    assert line.run() == 0
    with engine().connect() as database:
        told = database.scalars(
            text(
                "SELECT subject_id FROM business_events WHERE name = 'SCHEDULE_PUBLISHED'"
                " ORDER BY occurred_at"
            )
        ).all()
    assert [str(each) for each in told] == thread.ids


def test_a_delay_runs_from_when_the_part_before_left(author: Author, line: Line) -> None:
    thread = Thread.of(author, delay=600)
    make_due(thread.ids[0], late=timedelta(minutes=50))
    make_due(thread.ids[1], late=timedelta(minutes=90))
    line.run()
    assert line.run() == 0, "its delay runs"
    with engine().connect() as database:
        seconds = database.execute(
            text(
                "SELECT extract(epoch FROM next_attempt_at - now()) FROM schedules WHERE id = :id"
            ),
            {"id": thread.ids[1]},
        ).scalar_one()
    assert float(seconds) == pytest.approx(600, abs=15)
    make_due(thread.ids[1])
    assert line.run() == 1
    assert thread.statuses() == ["success", "success", "pending"]


@pytest.mark.parametrize(("delay", "calls"), [(0, 1), (3600, 0)])
def test_the_scanner_is_called_for_what_may_follow_at_once(
    author: Author, line: Line, delay: int, calls: int
) -> None:
    thread = Thread.of(author, delay=delay)
    make_due(thread.ids[0])
    line.taken(WAKE)
    line.run()
    assert len(line.taken(WAKE)) == calls


def test_messages_that_come_again_send_no_part_twice(
    author: Author, line: Line, simulator: Simulator
) -> None:
    thread = Thread.of(author)
    make_due(thread.ids[0])
    messages: list[bytes] = []
    for _ in range(3):
        line.scan()
        messages += line.taken() * 2
        assert line.publish(messages) == 1
    assert arrived(simulator) == IN_ORDER


@CHANNELS
def test_a_failing_follow_up_does_not_send_the_root_again(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    thread = Thread.of(author, channel)
    make_due(thread.ids[0])
    simulator.fail(channel, "refuse", text_contains="Second")
    assert [line.run(), line.run(), line.run()] == [1, 1, 0]
    assert thread.statuses() == ["success", "failed", "pending"]
    assert thread.post_status == "partial"
    assert arrived(simulator) == IN_ORDER[:1]
    thread.retry(1)
    assert [line.run(), line.run(), line.run()] == [1, 1, 0]
    assert thread.statuses() == ["success"] * 3
    assert thread.attempts() == [
        ["success"],
        ["failed", "success"],
        ["success"],
    ]
    assert thread.post_status == "published"
    assert arrived(simulator) == IN_ORDER


def test_a_thread_goes_on_once_its_root_is_retried(
    author: Author, line: Line, simulator: Simulator
) -> None:
    thread = Thread.of(author)
    thread.make_due()
    simulator.fail("mastodon", "refuse")
    assert [line.run(), line.run()] == [1, 0]
    assert thread.statuses() == ["failed", "pending", "pending"]
    assert thread.post_status == "failed"
    thread.retry(0)
    assert [line.run(), line.run(), line.run()] == [1, 1, 1]
    assert arrived(simulator) == IN_ORDER
    assert thread.post_status == "published"


def test_nothing_follows_a_root_that_was_skipped(
    author: Author, line: Line, simulator: Simulator
) -> None:
    thread = Thread.of(author)
    make_due(thread.ids[0], late=timedelta(minutes=61))
    assert line.run() == 0
    reasons = [each["error_code"] for each in thread.schedules()]
    assert reasons == ["TOO_LATE", *["PREVIOUS_PART_NOT_PUBLISHED"] * 2]
    assert [each["error_message"] is None for each in thread.schedules()] == [False] * 3
    assert thread.statuses() == ["skipped"] * 3
    assert thread.post_status == "failed"
    assert simulator.receipts() == []
    with engine().connect() as database:
        told = database.scalars(
            text("SELECT subject_id FROM business_events WHERE name = 'SCHEDULE_SKIPPED'")
        ).all()
    assert {str(each) for each in told} == set(thread.ids)


def test_what_is_cancelled_in_the_middle_ends_the_thread_there(
    author: Author, line: Line, simulator: Simulator
) -> None:
    thread = Thread.of(author)
    make_due(thread.ids[0])
    line.run()
    thread.cancel(2)
    assert [line.run(), line.run()] == [1, 0]
    assert thread.statuses() == ["success", "success", "cancelled"]
    assert thread.post_status == "published"
    assert arrived(simulator) == IN_ORDER[:2]


def test_whoever_wins_a_race_nothing_is_sent_after_it_was_cancelled(
    author: Author, line: Line, simulator: Simulator
) -> None:
    threads = [Thread.of(author) for _ in range(8)]
    for each in threads:
        make_due(each.ids[0])
    line.scan()
    messages = line.taken()

    def cancel_all() -> int:
        for each in threads:
            each.cancel(1)
        return len(threads)

    assert simultaneously([lambda: line.publish(messages), cancel_all]) == [8, 8]
    assert line.run() == 0
    assert [each.statuses() for each in threads] == [["success", "cancelled", "cancelled"]] * 8
    assert {each["text"] for each in simulator.receipts()} == {"First"}


def test_a_follow_up_cancelled_while_its_root_is_sent_never_leaves(
    author: Author, line: Line, simulator: Simulator
) -> None:
    thread = Thread.of(author)
    make_due(thread.ids[0])
    line.scan()
    line.start_and_die()
    thread.cancel(1)
    make_due(thread.ids[0])
    assert [line.run(), line.run()] == [1, 0]
    assert thread.statuses() == ["success", "cancelled", "cancelled"]
    assert arrived(simulator) == IN_ORDER[:1]


def test_a_thread_keeps_its_own_delays_and_no_gap(author: Author, line: Line) -> None:
    thread = Thread.of(author)
    answer = author.api.patch(
        f"/channels/connections/{thread.connection}", {"minimum_gap_seconds": 3600}
    )
    assert answer.status == 200
    for _ in range(3):
        thread.make_due()
        assert line.run() == 1
    assert thread.statuses() == ["success"] * 3


def test_a_part_whose_predecessor_left_no_trace_is_not_sent(
    author: Author, line: Line, simulator: Simulator
) -> None:
    thread = Thread.of(author)
    thread.make_due()
    line.run()
    with engine().begin() as database:
        database.execute(
            text("UPDATE publish_events SET external_post_id = NULL, external_url = NULL")
        )
    thread.make_due()
    line.run()
    assert thread.statuses()[1] == "failed"
    assert thread.schedules()[1]["error_code"] == "PREVIOUS_PART_NOT_FOUND"
    assert len(simulator.receipts()) == 1
