"""What is due and cannot leave yet waits with a reason, and leaves when the reason is gone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from tests.accounts import root
from tests.api import Api
from tests.author import Author
from tests.functions.publishing.waiting import policy, several, shown, words
from tests.line import Line, make_due
from tests.simulator.client import Simulator


@pytest.fixture
def author(api: Api, simulator: Simulator) -> Author:
    return Author.of(root(api))


def set_connection(connection: str, **columns: object) -> None:
    with engine().begin() as database:
        for name, value in columns.items():
            database.execute(
                text(f"UPDATE channel_connections SET {name} = :value WHERE id = :id"),
                {"id": connection, "value": value},
            )


def ahead(schedule: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(schedule["planned_at"]) - utc_now()


def test_a_daily_cap_lets_so_many_leave_and_plans_the_rest(author: Author, line: Line) -> None:
    connection = author.connect()
    policy(author, connection, daily_cap=2)
    schedules = several(author, connection, 4)
    assert line.run() == 2
    seen = shown(author, schedules)
    assert words(seen) == [("success", None)] * 2 + [("pending", "DAILY_CAP")] * 2
    assert all(timedelta(hours=23) < ahead(each) <= timedelta(hours=24) for each in seen[2:])
    assert line.run() == 0


def test_what_waited_for_its_budget_is_not_too_late(author: Author, line: Line) -> None:
    connection = author.connect()
    policy(author, connection, daily_cap=1)
    schedules = several(author, connection, 2)
    line.run()
    with engine().begin() as database:
        database.execute(
            text("UPDATE publish_events SET started_at = started_at - interval '1 day'")
        )
        database.execute(
            text("UPDATE schedules SET next_attempt_at = now(), held_until = now() WHERE id = :id"),
            {"id": schedules[1]},
        )
    assert line.run() == 1
    assert words(shown(author, schedules)) == [("success", None)] * 2


def test_a_gap_is_kept_between_posts_of_an_account(author: Author, line: Line) -> None:
    connection, other = author.connect(), author.connect()
    policy(author, connection, minimum_gap_seconds=600)
    schedules = several(author, connection, 3)
    [unhindered] = several(author, other, 1)
    assert line.run() == 2
    seen = shown(author, schedules)
    assert words(seen) == [("success", None)] + [("pending", "MINIMUM_GAP")] * 2
    gap = timedelta(minutes=10)
    assert ahead(seen[1]) <= gap < ahead(seen[2]) <= 2 * gap
    assert author.status(unhindered) == "success"


def test_a_networks_word_that_it_takes_no_more_is_kept(
    author: Author, line: Line, simulator: Simulator
) -> None:
    connection = author.connect()
    [first] = several(author, connection, 1)
    line.run()
    with engine().begin() as database:
        [resets_at] = database.scalars(
            text("UPDATE connection_budgets SET remaining = 0 RETURNING resets_at")
        )
    assert author.status(first) == "success"
    [waiting] = several(author, connection, 1)
    assert line.run() == 0
    [seen] = shown(author, [waiting])
    assert words([seen]) == [("pending", "RATE_LIMIT")]
    assert datetime.fromisoformat(seen["planned_at"]) == resets_at


def test_an_account_that_is_refused_pauses_what_was_not_tried_yet(
    author: Author, line: Line, simulator: Simulator
) -> None:
    connection = author.connect()
    simulator.fail("mastodon", "expired_token")
    tried, *waiting = several(author, connection, 3)
    for later in waiting:
        make_due(later, late=timedelta(minutes=-5))
    line.run()
    for later in waiting:
        make_due(later)
    assert line.run() == 0
    assert words(shown(author, [tried, *waiting])) == [
        ("failed", None),
        *[("pending", "CONNECTION_ERROR")] * 2,
    ]
    answer = author.api.post(f"/channels/connections/{connection}/test")
    assert answer.status == 200, answer.content
    assert line.run() == 2
    assert words(shown(author, waiting)) == [("success", None)] * 2


def test_what_is_paused_for_too_long_is_skipped_and_says_why(author: Author, line: Line) -> None:
    connection = author.connect()
    [waiting] = several(author, connection, 1)
    set_connection(connection, status="error")
    line.run()
    [seen] = shown(author, [waiting])
    assert timedelta(minutes=59) < ahead(seen) <= timedelta(minutes=60, seconds=1)
    make_due(waiting, late=timedelta(minutes=61))
    with engine().begin() as database:
        database.execute(text("UPDATE schedules SET held_until = now()"))
    line.run()
    [seen] = shown(author, [waiting])
    assert (seen["status"], seen["error_code"]) == ("skipped", "CONNECTION_ERROR")
    assert (
        seen["error_message"] == "The account was not connected again within 60 minutes of its time"
    )


@pytest.mark.parametrize(("lateness", "status"), [(10, "skipped"), (30, "success")])
def test_how_late_is_too_late_is_the_accounts_own_matter(
    author: Author, line: Line, lateness: int, status: str
) -> None:
    connection = author.connect()
    policy(author, connection, lateness_minutes=lateness)
    [schedule] = several(author, connection, 1)
    make_due(schedule, late=timedelta(minutes=20))
    line.run()
    assert author.status(schedule) == status


def test_expired_credentials_are_waited_for_and_renewal_is_asked_for(
    author: Author, line: Line
) -> None:
    connection = author.connect("bluesky")
    later = utc_now() + timedelta(hours=1)
    set_connection(
        connection, token_expires_at=utc_now() - timedelta(seconds=1), next_refresh_at=later
    )
    _, variant = author.write("Hello", "bluesky")
    schedule = author.schedule(variant, connection)
    make_due(schedule)
    assert line.run() == 0
    [seen] = shown(author, [schedule])
    assert words([seen]) == [("pending", "CREDENTIALS_EXPIRED")]
    assert ahead(seen) <= timedelta(seconds=15)
    with engine().begin() as database:
        [(wanted_at,)] = database.execute(
            text("SELECT next_refresh_at FROM channel_connections WHERE id = :id"),
            {"id": connection},
        )
    assert wanted_at <= utc_now()


def happenings(schedule: str) -> Iterator[str]:
    with engine().connect() as database:
        rows = database.execute(
            text(
                "SELECT name FROM business_events WHERE subject_id = :id ORDER BY occurred_at, id"
            ),
            {"id": schedule},
        )
        yield from (row.name for row in rows)


def test_each_step_is_told(author: Author, line: Line, simulator: Simulator) -> None:
    connection = author.connect()
    policy(author, connection, daily_cap=1)
    sent, waiting = several(author, connection, 2)
    line.run()
    assert list(happenings(sent)) == [
        "SCHEDULE_CREATED",
        "SCHEDULE_QUEUED",
        "SCHEDULE_PUBLISHING",
        "SCHEDULE_PUBLISHED",
    ]
    assert list(happenings(waiting)) == ["SCHEDULE_CREATED", "SCHEDULE_WAITING"]


def test_what_failed_and_what_was_skipped_is_told(
    author: Author, line: Line, simulator: Simulator
) -> None:
    connection = author.connect()
    simulator.fail("mastodon", "refuse")
    [refused] = several(author, connection, 1)
    line.run()
    [late] = several(author, connection, 1)
    make_due(late, late=timedelta(hours=2))
    line.run()
    assert list(happenings(refused))[-1] == "SCHEDULE_FAILED"
    assert list(happenings(late))[-1] == "SCHEDULE_SKIPPED"


def test_what_waits_tells_why_and_until_when(author: Author, line: Line) -> None:
    connection = author.connect()
    policy(author, connection, daily_cap=1)
    _, waiting = several(author, connection, 2)
    line.run()
    query = text("SELECT details FROM business_events WHERE name = 'SCHEDULE_WAITING'")
    with engine().connect() as database:
        [details] = database.scalars(query)
    planned_at = author.look(waiting)["schedule"]["planned_at"]
    assert details == {"reason": "DAILY_CAP", "until": planned_at}
