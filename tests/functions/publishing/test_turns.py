"""First come, first served: what waits for its budget keeps its place, whatever comes later."""

from datetime import timedelta

from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from tests.author import Author
from tests.functions.publishing.waiting import planned, policy, several, shown, words
from tests.line import Line, make_due
from tests.thread import Thread


def pass_time(time: timedelta) -> None:
    """Let everything be longer ago, and what waits be nearer."""
    with engine().begin() as database:
        database.execute(
            text("UPDATE publish_events SET started_at = started_at - :time"), {"time": time}
        )
        database.execute(
            text(
                "UPDATE schedules SET run_at = next_attempt_at - :time - interval '1 s',"
                " next_attempt_at = next_attempt_at - :time, held_until = held_until - :time"
                " WHERE waiting_reason IS NOT NULL"
            ),
            {"time": time},
        )


def test_those_claimed_later_are_planned_behind_those_that_wait(author: Author, line: Line) -> None:
    connection, gap = author.connect(), timedelta(seconds=120)
    policy(author, connection, minimum_gap_seconds=120)
    schedules = several(author, connection, 3)
    assert line.run() == 1
    schedules += several(author, connection, 2)
    assert line.run() == 0
    seen = shown(author, schedules)
    assert words(seen) == [("success", None)] + [("pending", "MINIMUM_GAP")] * 4
    first, *others = planned(seen[1:])
    assert others == [first + gap, first + 2 * gap, first + 3 * gap]
    assert timedelta() < first - utc_now() <= gap


def test_whose_moment_has_come_leaves_before_who_has_only_just_come(
    author: Author, line: Line
) -> None:
    connection, gap = author.connect(), timedelta(seconds=120)
    policy(author, connection, minimum_gap_seconds=120)
    schedules = several(author, connection, 4)
    line.run()
    before = planned(shown(author, schedules[2:]))
    pass_time(timedelta(seconds=125))
    [new] = several(author, connection, 1)
    make_due(new, late=timedelta(minutes=10))
    assert line.run() == 1
    seen = shown(author, [*schedules, new])
    assert words(seen) == [("success", None)] * 2 + [("pending", "MINIMUM_GAP")] * 3
    third, fourth, last = planned(seen[2:])
    assert [third, fourth] == [each - timedelta(seconds=125) for each in before]
    assert last == fourth + gap


def test_a_claim_that_has_lapsed_keeps_its_turn(author: Author, line: Line) -> None:
    connection = author.connect()
    policy(author, connection, daily_cap=1)
    schedules = several(author, connection, 3)
    line.scan()
    assert line.taken()
    make_due(schedules[0])
    assert line.run() == 1
    assert words(shown(author, schedules)) == [("success", None)] + [("pending", "DAILY_CAP")] * 2


def test_a_thread_goes_on_while_others_wait_for_the_gap(author: Author, line: Line) -> None:
    thread = Thread.of(author)
    policy(author, thread.connection, minimum_gap_seconds=600)
    make_due(thread.ids[0], late=timedelta(minutes=1))
    waiting = several(author, thread.connection, 2)
    assert line.run() == 1
    before = planned(shown(author, waiting))
    make_due(thread.ids[1])
    assert line.run() == 1
    assert thread.statuses() == ["success", "success", "pending"]
    assert planned(shown(author, waiting)) == before


def test_a_part_that_waits_for_the_cap_counts_for_those_behind_it(
    author: Author, line: Line
) -> None:
    thread = Thread.of(author)
    policy(author, thread.connection, daily_cap=1)
    make_due(thread.ids[0])
    assert line.run() == 1
    make_due(thread.ids[1])
    assert line.run() == 0
    [new] = several(author, thread.connection, 1)
    assert line.run() == 0
    part, behind = planned(shown(author, [thread.ids[1], new]))
    assert behind - part == timedelta(days=1)
