"""Whatever a person does to a schedule is told of, once, and only if it was done."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.author import Author, in_future
from tests.functions.publishing.unsettled import leave_unknown
from tests.line import Line, make_due
from tests.simulator.client import Simulator


@pytest.fixture
def author(ada: Account, simulator: Simulator) -> Author:
    return Author.of(ada)


class Told:
    """What people have done to schedules since it was last asked; not what the engine did."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._known: set[UUID] = set()

    def __call__(self) -> list[tuple[str, str, dict[str, Any]]]:
        query = text(
            "SELECT * FROM business_events"
            " WHERE actor_id IS NOT NULL AND name LIKE 'SCHEDULE%' ORDER BY id"
        )
        with engine().connect() as database:
            rows = [row for row in database.execute(query) if row.id not in self._known]
        self._known |= {row.id for row in rows}
        for row in rows:
            assert row.actor_id == self._account.user_id
            assert row.organization_id == self._account.organization_id
        return [(row.name, str(row.subject_id), row.details) for row in rows]


@pytest.fixture
def told(ada: Account) -> Told:
    return Told(ada)


def test_planning_moving_cancelling_and_deleting_are_told(author: Author, told: Told) -> None:
    schedule = author.scheduled()
    planned = author.look(schedule)["schedule"]
    details = {"run_at": planned["run_at"], "timezone": "UTC", "channel": "mastodon"}
    assert told() == [("SCHEDULE_CREATED", schedule, details)]
    changes = {"run_at": in_future(days=2), "timezone": "Asia/Tokyo"}
    moved = author.api.patch(f"/schedules/{schedule}", changes).json["data"]
    details = {
        "run_at": moved["run_at"],
        "run_at_before": planned["run_at"],
        "timezone": "Asia/Tokyo",
    }
    assert told() == [("SCHEDULE_UPDATED", schedule, details)]
    assert author.api.post(f"/schedules/{schedule}/cancel", {"reason": "sold out"}).status == 200
    assert told() == [("SCHEDULE_CANCELLED", schedule, {"reason": "sold out"})]
    assert author.api.delete(f"/schedules/{schedule}", permanent="true").status == 204
    assert told() == [("SCHEDULE_DELETED", schedule, {"status_before": "cancelled"})]


def test_deleting_what_waits_is_one_step(author: Author, told: Told) -> None:
    schedule = author.scheduled()
    told()
    assert author.api.delete(f"/schedules/{schedule}", permanent="true").status == 204
    assert told() == [("SCHEDULE_DELETED", schedule, {"status_before": "pending"})]


def test_each_of_many_that_are_cancelled_is_told(author: Author, told: Told) -> None:
    schedules = sorted(author.scheduled() for _ in range(3))
    gone = author.scheduled()
    author.api.post(f"/schedules/{gone}/cancel")
    told()
    body = {"schedule_ids": [gone, *schedules, "nonsense"], "reason": "sold out"}
    assert author.api.post("/schedules/bulk-cancel", body).status == 200
    expected = [("SCHEDULE_CANCELLED", each, {"reason": "sold out"}) for each in schedules]
    assert sorted(told(), key=lambda each: each[1]) == expected


@pytest.mark.parametrize("path", ["/posts/{post}", "/variants/{variant}"])
def test_what_is_cancelled_with_its_post_or_variant_is_told(
    author: Author, told: Told, path: str
) -> None:
    post, variant = author.write()
    schedule = author.schedule(variant, author.connect())
    told()
    assert author.api.delete(path.format(post=post, variant=variant), force="true").status == 204
    assert told() == [("SCHEDULE_CANCELLED", schedule, {"reason": None})]


def test_what_is_cancelled_with_its_connection_is_told(author: Author, told: Told) -> None:
    connection = author.connect()
    schedule = author.schedule(author.write()[1], connection)
    told()
    path = f"/channels/connections/{connection}"
    assert author.api.delete(path, cancel_schedules="true").status == 200
    assert told() == [("SCHEDULE_CANCELLED", schedule, {"reason": None})]


def test_what_is_undone_is_not_told(author: Author, told: Told, line: Line) -> None:
    """One schedule of the post is being sent, so the post stays, and the other schedule with it."""
    post, variant = author.write()
    connection = author.connect()
    waiting, leaving = (author.schedule(variant, connection) for _ in range(2))
    make_due(leaving)
    line.scan()
    line.start_and_die()
    told()
    assert author.api.delete(f"/posts/{post}", force="true").status == 409
    assert author.status(waiting) == "pending"
    assert told() == []


def test_settling_and_trying_again_are_told(author: Author, told: Told, line: Line) -> None:
    published, lost = author.scheduled(), author.scheduled()
    leave_unknown(line, published, lost)
    told()
    link = {"outcome": "published", "url": "https://example.org/1"}
    author.api.post(f"/schedules/{published}/resolve", link)
    details = {"is_published": True, "external_url": "https://example.org/1"}
    assert told() == [("SCHEDULE_RESOLVED", published, details)]
    author.api.post(f"/schedules/{lost}/resolve", {"outcome": "not_published"})
    details = {"is_published": False, "external_url": None}
    assert told() == [("SCHEDULE_RESOLVED", lost, details)]
    author.api.post(f"/schedules/{lost}/retry")
    assert told() == [("SCHEDULE_RETRIED", lost, {"attempts_made": 2})]


def test_what_is_refused_is_not_told(
    author: Author, told: Told, line: Line, simulator: Simulator
) -> None:
    _, variant = author.write()
    connection = author.connect()
    failed, gone = author.schedule(variant, connection), author.scheduled()
    simulator.fail("mastodon", "refuse")
    make_due(failed)
    line.run()
    author.api.post(f"/schedules/{gone}/cancel")
    with engine().begin() as database:
        database.execute(
            text("UPDATE channel_connections SET status = 'error' WHERE id = :id"),
            {"id": connection},
        )
    told()
    refused = [
        author.try_to_schedule(variant, connection),
        author.api.post(f"/schedules/{failed}/retry"),
        author.api.post(f"/schedules/{failed}/cancel"),
        author.api.post(f"/schedules/{failed}/resolve", {"outcome": "not_published"}),
        author.api.patch(f"/schedules/{failed}", {"run_at": in_future(days=1)}),
        author.api.patch(f"/schedules/{gone}", {"run_at": in_future(days=1)}),
        author.api.post(f"/schedules/{gone}/cancel"),
    ]
    assert {answer.status for answer in refused} == {400, 409}
    assert told() == []
