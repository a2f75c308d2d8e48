"""Series as time goes by: the timer plans them further, whatever has happened meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from time_machine import Traveller

from shared.kernel.clock import utc_now
from shared.publishing.adapters.rabbitmq import WAKE
from tests.author import Author
from tests.functions.publishing.series import (
    change,
    look,
    planned,
    recurring,
    rows,
    run_planner,
    status_of,
)
from tests.line import Line, make_due
from tests.simulator.client import Simulator
from tests.simultaneously import simultaneously

EVENING = datetime(2026, 11, 20, 18, tzinfo=UTC)


def evenings(first: int, last: int) -> list[datetime]:
    """Counted in days from the first one."""
    return [EVENING + timedelta(days=day) for day in range(first, last + 1)]


def test_each_day_a_day_is_added(noon: Traveller, author: Author) -> None:
    series = recurring(author)
    assert run_planner() == 0
    noon.move_to("2026-11-21T12:01:00Z")
    assert run_planner() == 1
    assert planned(series) == evenings(0, 14)
    assert run_planner() == 0


def test_after_an_outage_there_is_no_burst(noon: Traveller, author: Author) -> None:
    series = recurring(author)
    noon.move_to("2027-01-20T12:00:00Z")
    assert run_planner() == 1
    assert planned(series) == evenings(0, 13) + evenings(61, 74)


def test_a_series_without_end_never_has_more_than_fifty_to_come(
    noon: Traveller, author: Author
) -> None:
    series = recurring(author, rule="FREQ=MINUTELY;INTERVAL=15", starts_at="2026-11-20T12:00")
    assert len(planned(series)) == 50
    noon.move_to("2026-11-20T14:00:00Z")
    run_planner()
    to_come = [moment for moment in planned(series) if moment > utc_now()]
    assert len(to_come) == 50


def test_a_series_that_has_run_out_ends(noon: Traveller, author: Author) -> None:
    series = recurring(author, rule="FREQ=DAILY;COUNT=2")
    run_planner()
    assert look(author, series)["status"] == "active"
    noon.move_to("2026-11-21T18:00:00Z")
    run_planner()
    assert status_of(series) == "ended"


def test_what_is_far_away_is_planned_in_time(noon: Traveller, author: Author) -> None:
    series = recurring(author, rule="FREQ=YEARLY", starts_at="2027-06-01T09:00")
    noon.move_to("2027-03-01T12:00:00Z")
    run_planner()
    assert planned(series) == []
    noon.move_to("2027-03-03T12:00:00Z")
    run_planner()
    assert planned(series) == [datetime(2027, 6, 1, 9, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("harm", "mend", "problem"),
    [
        (
            "UPDATE channel_connections SET status = 'error'",
            "UPDATE channel_connections SET status = 'connected'",
            "CONNECTION_ERROR",
        ),
        (
            (
                "UPDATE channel_connections SET status = 'disconnected',"
                " disconnected_at = created_at, credentials = NULL, credentials_key_id = NULL"
            ),
            (
                "UPDATE channel_connections SET status = 'connected', disconnected_at = NULL,"
                " credentials = '\\x00', credentials_key_id = 'test'"
            ),
            "CONNECTION_DISCONNECTED",
        ),
        (
            "UPDATE users SET status = 'disabled' WHERE id = :owner",
            "UPDATE users SET status = 'active' WHERE id = :owner",
            "OWNER_DISABLED",
        ),
    ],
)
def test_a_series_waits_for_its_account_and_goes_on(
    noon: Traveller, author: Author, harm: str, mend: str, problem: str
) -> None:
    series = recurring(author)
    owner = {"owner": series["created_by"]} if ":owner" in harm else {}
    change(harm, **owner)
    change("UPDATE recurrences SET planned_until = created_at")
    assert run_planner() == 1
    noon.shift(timedelta(minutes=1))
    assert status_of(series) == "active"
    if not owner:
        assert look(author, series)["problem"] == problem
    noon.move_to("2026-11-30T12:00:00Z")
    assert run_planner() == 1
    assert planned(series) == evenings(0, 13)
    change(mend, **owner)
    assert run_planner() == 1
    assert planned(series) == evenings(0, 23)


@pytest.mark.parametrize("what", ["posts/{post_id}", "variants/{post_variant_id}"])
def test_a_series_ends_with_its_post_or_variant(author: Author, what: str) -> None:
    series, other = recurring(author), recurring(author)
    path = f"/{what.format_map(series)}"
    assert author.api.delete(path).status == 409
    assert look(author, series) == series
    assert author.api.delete(path, force="true").status == 204
    shown = look(author, series)
    assert (shown["status"], shown["problem"], shown["next_at"]) == ("ended", None, None)
    assert {row.status for row in rows(series)} == {"cancelled"}
    assert look(author, other) == other


def test_a_series_of_a_post_that_was_gone_when_it_began_ends(
    noon: Traveller, author: Author
) -> None:
    series = recurring(author)
    change("UPDATE posts SET deleted_at = created_at")
    shown = look(author, series)
    assert (shown["problem"], shown["next_at"]) == ("POST_DELETED", None)
    noon.move_to("2026-11-21T12:01:00Z")
    assert run_planner() == 1
    assert status_of(series) == "ended"


def test_a_series_of_a_post_that_was_archived_when_it_began_ends(
    noon: Traveller, author: Author
) -> None:
    series = recurring(author)
    change("UPDATE posts SET status = 'archived'")
    change("UPDATE schedules SET status = 'cancelled'")
    noon.move_to("2026-11-21T12:01:00Z")
    assert run_planner() == 1
    assert status_of(series) == "ended"
    assert run_planner() == 0


def test_a_text_that_has_become_too_long_waits(noon: Traveller, author: Author) -> None:
    series = recurring(author)
    change("""UPDATE channel_connections SET limits = '{"max_length": 3}'""")
    noon.move_to("2026-11-25T12:00:00Z")
    assert run_planner() == 1
    assert planned(series) == evenings(0, 13)
    assert status_of(series) == "active"


def test_one_that_cannot_be_planned_holds_up_no_other(
    noon: Traveller, author: Author, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = recurring(author), recurring(author)
    change("UPDATE recurrences SET starts_at_local = 'gone' WHERE id = :id", id=broken["id"])
    noon.move_to("2026-11-21T12:01:00Z")
    assert run_planner() == 2
    assert planned(sound) == evenings(0, 14)
    assert planned(broken) == evenings(0, 13)
    [record] = [one for one in caplog.records if one.getMessage() == "series_not_planned"]
    assert vars(record)["recurrence_id"] == broken["id"]


def test_four_planners_at_once_plan_each_occurrence_once(noon: Traveller, author: Author) -> None:
    series = [recurring(author) for _ in range(5)]
    noon.move_to("2026-12-01T12:00:00Z")
    simultaneously([run_planner] * 4)
    assert [planned(each) for each in series] == [evenings(0, 24)] * 5


def test_what_comes_within_the_minute_wakes_the_scanner(
    noon: Traveller, author: Author, line: Line
) -> None:
    series = recurring(author, starts_at="2026-11-20T12:00:30")
    assert len(line.taken(WAKE)) == 1
    recurring(author, starts_at="2026-11-20T12:05:00")
    assert line.taken(WAKE) == []
    change("DELETE FROM schedules WHERE recurrence_id = :id", id=series["id"])
    change("UPDATE recurrences SET planned_until = created_at WHERE id = :id", id=series["id"])
    run_planner()
    assert len(line.taken(WAKE)) == 1


def test_one_that_fails_does_not_end_the_series(
    author: Author, line: Line, simulator: Simulator
) -> None:
    start = datetime.now(UTC) + timedelta(hours=1)
    series = recurring(author, starts_at=start.isoformat())
    first, second = (each["schedule_id"] for each in series["next_occurrences"][:2])
    simulator.fail("mastodon", "refuse")
    make_due(first)
    line.run()
    assert author.status(first) == "failed"
    change("UPDATE recurrences SET planned_until = created_at")
    run_planner()
    assert look(author, series)["status"] == "active"
    make_due(second)
    line.run()
    assert author.status(second) == "success"
    assert len(simulator.receipts("mastodon")) == 1
