"""What is claimed a moment ahead leaves at its instant, and may be taken back until it starts."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from shared.publishing.adapters.networks import begin_delivering
from shared.publishing.adapters.postgres import begin
from shared.publishing.application.prepare_attempts import prepare_attempts
from shared.publishing.application.record_endings import record_endings
from shared.publishing.domain.attempt import Ending
from shared.publishing.domain.outcome import Failure, Rejected
from shared.publishing.domain.schedule import LEASE
from shared.publishing.domain.window import LEAD
from tests.author import Author
from tests.functions.publishing.batches import publish
from tests.functions.publishing.waiting import policy
from tests.line import Line, make_due_at
from tests.simulator.client import Simulator


def started_at(author: Author, schedule: str) -> datetime:
    [event] = author.look(schedule)["publish_events"]
    return datetime.fromisoformat(event["started_at"])


def arrivals(receipts: Sequence[dict[str, Any]]) -> list[float]:
    return [receipt["received_at"] for receipt in receipts]


def test_it_leaves_at_its_instant_and_says_so(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    due = utc_now() + LEAD
    make_due_at(schedule, due)
    assert line.run() == 1
    assert arrivals(simulator.receipts())[0] >= due.timestamp()
    assert started_at(author, schedule) >= due
    assert author.status(schedule) == "success"


def test_what_is_further_ahead_is_left_to_later(author: Author, line: Line) -> None:
    schedule = author.scheduled()
    make_due_at(schedule, utc_now() + LEAD + timedelta(seconds=5))
    assert line.scan() == 0


def test_until_it_is_started_it_can_be_cancelled(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    make_due_at(schedule, utc_now() + LEAD)
    line.scan()
    assert author.api.post(f"/schedules/{schedule}/cancel").status == 200
    assert line.publish(line.taken()) == 0
    assert simulator.receipts() == []


def test_what_is_due_does_not_wait_behind_what_is_ahead(
    author: Author, line: Line, simulator: Simulator
) -> None:
    later, another, _ = (author.scheduled(each) for each in ("Later", "Another", "Due"))
    now = utc_now()
    with engine().begin() as database:
        database.execute(text("UPDATE schedules SET next_attempt_at = :now"), {"now": now})
    for each in (later, another):
        make_due_at(each, now + LEAD)
    line.scan()
    publish(sorted(line.claims(), key=lambda claim: claim.schedule_id), in_flight=2)
    sent = [receipt["text"] for receipt in simulator.receipts()]
    assert sent[0] == "Due"


def test_what_is_looked_at_again_is_not_looked_at_ahead(author: Author, line: Line) -> None:
    """A network that named a moment is not asked before that, whenever it was to leave."""
    make_due_at(author.scheduled(), utc_now() - timedelta(minutes=5))
    until = utc_now() + LEAD
    with engine().begin() as database:
        database.execute(
            text(
                "UPDATE schedules SET held_until = :until, waiting_reason = 'CREDENTIALS_EXPIRED'"
            ),
            {"until": until},
        )
    assert line.scan() == 0 or utc_now() >= until


def test_credentials_that_were_put_in_while_it_waited_are_not_refused(
    author: Author, line: Line, simulator: Simulator
) -> None:
    """What the network refuses are those that were read before."""
    connection = author.connect()
    schedule = author.schedule(author.write()[1], connection)
    make_due_at(schedule, utc_now() + LEAD)
    line.scan()
    [prepared] = prepare_attempts(begin_delivering, utc_now, claims=line.claims(), lease=LEASE)
    with engine().begin() as database:
        database.execute(text("UPDATE channel_connections SET updated_at = clock_timestamp()"))
    refused = Rejected(failure=Failure(error_class="authentication", code="TOKEN", words="no"))
    record_endings(
        begin, utc_now, lambda: None, endings=[Ending(attempt=prepared.attempt, outcome=refused)]
    )
    assert author.status(schedule) == "failed"
    shown = author.api.get(f"/channels/connections/{connection}").json["data"]
    assert shown["status"] == "connected"


def test_what_ends_ahead_of_its_instant_ends_no_sooner_than_it_began(
    author: Author, line: Line
) -> None:
    schedule = author.scheduled()
    make_due_at(schedule, utc_now() + LEAD)
    line.scan()
    with engine().begin() as database:
        database.execute(text("UPDATE posts SET deleted_at = now()"))
    line.publish(line.taken())
    [event] = author.look(schedule)["publish_events"]
    assert event["error_code"] == "POST_DELETED"
    assert event["finished_at"] >= event["started_at"]


def test_a_clock_that_is_behind_holds_nothing_up_and_knows_when_it_sent(
    author: Author, line: Line
) -> None:
    schedule, behind = author.scheduled(), timedelta(minutes=1)
    make_due_at(schedule, utc_now())
    line.scan()
    began = time.monotonic()
    publish(line.claims(), clock=lambda: utc_now() - behind)
    assert time.monotonic() - began < 30
    assert author.status(schedule) == "success"
    assert started_at(author, schedule) <= utc_now() - behind


def test_a_gap_counts_from_the_instant_and_not_from_the_claim(
    author: Author, line: Line, simulator: Simulator
) -> None:
    connection, gap = author.connect(), timedelta(seconds=60)
    policy(author, connection, minimum_gap_seconds=60)
    first, second = (author.schedule(author.write(each)[1], connection) for each in "AB")
    due = utc_now() + LEAD * 0.9
    make_due_at(first, due)
    make_due_at(second, due + LEAD / 10)
    assert line.run() == 1
    planned = author.look(second)["schedule"]["planned_at"]
    assert datetime.fromisoformat(planned) >= due + gap
    assert len(simulator.receipts()) == 1


def test_a_quota_that_is_free_by_then_neither_holds_it_nor_lets_it_leave_sooner(
    author: Author, line: Line, simulator: Simulator
) -> None:
    connection = author.connect()
    policy(author, connection, daily_cap=2)
    before, first, second = (
        author.schedule(author.write(each)[1], connection) for each in ("A", "B", "C")
    )
    make_due_at(before, utc_now())
    line.run()
    due = utc_now() + LEAD
    make_due_at(first, due - LEAD / 5)
    make_due_at(second, due)
    with engine().begin() as database:
        database.execute(
            text("UPDATE publish_events SET started_at = :at"),
            {"at": due - LEAD / 10 - timedelta(days=1)},
        )
    assert line.scan() == 2
    assert line.publish(line.taken()) == 2
    assert started_at(author, second) >= due
    assert arrivals(simulator.receipts())[-1] >= due.timestamp()
