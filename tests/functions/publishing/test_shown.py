"""What a schedule tells of itself: when it leaves, why it waits, where it was published."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.author import Author, in_future
from tests.line import Line, make_due
from tests.simulator.client import Simulator


def everywhere(author: Author, schedule: str) -> Any:
    """The schedule as all three reads show it, which is the same."""
    [listed] = author.api.get("/schedules").json["data"]
    window = {"from_date": in_future(days=-1), "to_date": in_future(days=1)}
    [shown] = author.api.get("/schedules/calendar", **window).json["data"]
    joined = {"post", "variant", "connection"}
    planned = {name: value for name, value in shown.items() if name not in joined}
    assert listed == planned == author.look(schedule)["schedule"]
    return listed


def test_a_new_one_leaves_at_its_moment(author: Author) -> None:
    _, variant = author.write()
    created = author.try_to_schedule(variant, author.connect()).json["data"]
    assert created["planned_at"] == created["run_at"]
    assert (created["waiting_reason"], created["external_url"]) == (None, None)
    assert (created["part"], created["root_schedule_id"]) == (0, None)
    assert (created["recurrence_id"], created["occurrence_at"]) == (None, None)
    assert everywhere(author, created["id"]) == created


@pytest.mark.parametrize(
    ("reason", "held_until", "planned_at"),
    [
        ("DAILY_CAP", datetime(2030, 1, 1, tzinfo=UTC), "2030-01-01T00:00:00Z"),
        ("PREVIOUS_PART", None, None),
    ],
)
def test_one_that_waits_tells_why_and_until_when(
    author: Author, reason: str, held_until: datetime | None, planned_at: str | None
) -> None:
    schedule = author.scheduled()
    with engine().begin() as database:
        database.execute(
            text("UPDATE schedules SET waiting_reason = :reason, held_until = :until"),
            {"reason": reason, "until": held_until},
        )
    shown = everywhere(author, schedule)
    assert (shown["waiting_reason"], shown["planned_at"]) == (reason, planned_at)
    moved = author.api.patch(f"/schedules/{schedule}", {"timezone": "UTC"}).json["data"]
    assert moved == {
        **shown,
        "updated_at": moved["updated_at"],
        "version": moved["version"],
    }


def test_one_that_is_out_links_to_its_post(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.run()
    shown = everywhere(author, schedule)
    [receipt] = simulator.receipts()
    assert (shown["status"], shown["planned_at"]) == ("success", None)
    assert shown["external_post_id"] == receipt["id"]
    [event] = author.look(schedule)["publish_events"]
    assert shown["external_url"] == event["external_url"]
    assert (event["retry_allowed"], event["resolved_by"]) == (None, None)


def test_one_that_failed_or_was_cancelled_has_no_plan(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    simulator.fail("mastodon", "refuse")
    make_due(schedule)
    line.run()
    shown = everywhere(author, schedule)
    assert (shown["status"], shown["planned_at"], shown["external_url"]) == ("failed", None, None)
    again = author.api.post(f"/schedules/{schedule}/retry").json["data"]
    assert datetime.fromisoformat(again["planned_at"]) <= datetime.now(UTC)
    assert everywhere(author, schedule) == again
    cancelled = author.api.post(f"/schedules/{schedule}/cancel").json["data"]
    assert (cancelled["status"], cancelled["planned_at"]) == ("cancelled", None)
    assert everywhere(author, schedule) == cancelled
