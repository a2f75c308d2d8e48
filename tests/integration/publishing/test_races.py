"""Who comes second finds nothing to do, on a real database with real concurrency."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.infrastructure.recording import invocation
from shared.infrastructure.records import Records
from shared.kernel.clock import utc_now
from shared.kernel.errors import Unavailable
from shared.publishing.adapters.postgres import begin
from shared.publishing.application.ports import Claimed
from shared.publishing.application.queue_due import queue_due
from shared.publishing.domain.attempt import Claim, Ending, conclude
from shared.publishing.domain.outcome import Deferred, Failure, Outcome, Published
from shared.publishing.domain.schedule import LEASE
from shared.publishing.domain.window import LEAD
from tests.accounts import root
from tests.api import Api, ApiAnswer
from tests.author import Author
from tests.line import make_due
from tests.simulator.client import Simulator

PUBLISHED = Published(external_id="1", url="https://example.org/1")
BUSY = Deferred(failure=Failure(error_class="rate_limit", code="BUSY", words="slow down"))


@pytest.fixture
def author(api: Api, simulator: Simulator) -> Author:
    return Author.of(root(api))


def claim() -> list[Claim]:
    with begin() as work:
        claimed = work.schedules.claim_due(now=utc_now(), lease=LEASE, limit=7, share=100)
        return [each.claim for each in claimed]


def start(claims: list[Claim]) -> int:
    with begin() as work:
        return len(work.schedules.start(claims, now=utc_now(), lease=LEASE))


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Run all of them at the same moment."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        barrier.wait(10)
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def due_schedules(author: Author, count: int) -> list[str]:
    connection = author.connect()
    _, variant = author.write()
    schedules = [author.schedule(variant, connection) for _ in range(count)]
    for schedule in schedules:
        make_due(schedule)
    return schedules


def test_four_scanners_claim_each_schedule_once(author: Author) -> None:
    schedules = due_schedules(author, 30)

    def scan_until_empty() -> list[UUID]:
        found: list[UUID] = []
        while claims := claim():
            found += [each.schedule_id for each in claims]
        return found

    claimed = Counter(id_ for found in at_once(*[scan_until_empty] * 4) for id_ in found)
    assert claimed == {UUID(schedule): 1 for schedule in schedules}


def test_four_deliveries_of_one_message_make_one_attempt(author: Author) -> None:
    due_schedules(author, 5)
    claims = claim()
    assert len(claims) == 5
    backwards = list(reversed(claims))
    deliveries = [claims, backwards, claims, backwards]
    assert sum(at_once(*[lambda each=each: start(each) for each in deliveries])) == 5
    with engine().connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM publish_events")) == 5


@pytest.mark.parametrize("_", range(5))
def test_cancelling_and_starting_at_once_have_one_winner(author: Author, _: int) -> None:
    [schedule] = due_schedules(author, 1)
    claims = claim()

    def cancel() -> ApiAnswer:
        return author.api.post(f"/schedules/{schedule}/cancel")

    cancelled, started = at_once(cancel, lambda: start(claims))
    assert (cancelled.status == 200) != (started == 1)
    assert author.status(schedule) == ("processing" if started else "cancelled")


@pytest.mark.parametrize(
    ("outcome", "status", "event"),
    [(PUBLISHED, "success", "success"), (BUSY, "processing", "retried")],
)
def test_a_publisher_that_comes_back_late_is_believed_only_its_success(
    author: Author, outcome: Outcome, status: str, event: str
) -> None:
    [schedule] = due_schedules(author, 1)
    with begin() as work:
        [late] = work.schedules.start(claim(), now=utc_now(), lease=LEASE)
    make_due(schedule)
    with begin() as work:
        [attempt] = work.schedules.start(claim(), now=utc_now(), lease=LEASE)
    assert attempt.unsettled_since == late.started_at
    with begin() as work:
        ending = Ending(attempt=late, outcome=outcome)
        work.schedules.record([conclude(ending, now=utc_now())])
    detail = author.look(schedule)
    assert detail["schedule"]["status"] == status
    assert [each["status"] for each in detail["publish_events"]] == [event, "started"]


def test_a_stale_token_starts_nothing(author: Author) -> None:
    [schedule] = due_schedules(author, 1)
    stale = claim()
    make_due(schedule)
    [fresh] = claim()
    assert fresh.fencing_token == stale[0].fencing_token + 1
    assert start(stale) == 0
    assert start([fresh]) == 1


def test_a_lease_that_runs_is_left_alone(author: Author) -> None:
    due_schedules(author, 1)
    assert len(claim()) == 1
    assert claim() == []


def test_two_publishers_that_finish_a_post_together_leave_it_published(author: Author) -> None:
    post, variant = author.write()
    connections = [author.connect(), author.connect()]
    for connection in connections:
        make_due(author.schedule(variant, connection))
    with begin() as work:
        attempts = work.schedules.start(claim(), now=utc_now(), lease=LEASE)

    def finish(attempt: Any) -> None:
        with begin() as work:
            work.schedules.record(
                [conclude(Ending(attempt=attempt, outcome=PUBLISHED), now=utc_now())]
            )
            work.posts.follow([attempt.post_id], now=utc_now())

    at_once(*[lambda each=each: finish(each) for each in attempts])
    assert author.post_status(post) == "published"


def test_the_next_look_is_the_earliest_of_run_retry_and_lease(author: Author) -> None:
    first, second = due_schedules(author, 2)
    move = "UPDATE schedules SET next_attempt_at = '2030-01-02Z' WHERE id = :id"
    hold = "UPDATE schedules SET (status, lease_expires_at) = ('processing', '2030-01-01Z')"
    with engine().begin() as connection:
        connection.execute(text(move), {"id": first})
        connection.execute(text(f"{hold} WHERE id = :id"), {"id": second})
    assert _next_look_at() == datetime(2030, 1, 1, tzinfo=UTC), "nobody's lease ends early"
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    author.api.patch(f"/schedules/{first}", {"run_at": tomorrow.isoformat()})
    assert _next_look_at() == tomorrow - LEAD


def test_what_is_let_go_ahead_of_its_instant_is_seen(author: Author) -> None:
    [schedule] = due_schedules(author, 1)
    due = datetime.fromisoformat(author.look(schedule)["schedule"]["next_attempt_at"])
    now = due - LEAD / 2
    with begin() as work:
        [claimed] = work.schedules.claim_due(now=now, lease=LEASE, limit=7, share=100)
        work.schedules.release([claimed.claim], now=now)
    assert _next_look_at(now) == now


@pytest.mark.parametrize(("late", "told"), [(-LEAD / 2, set()), (LEAD, {"Overdue"})])
def test_what_is_looked_at_ahead_is_not_overdue(
    author: Author, late: timedelta, told: set[str]
) -> None:
    [schedule] = due_schedules(author, 1)
    due = datetime.fromisoformat(author.look(schedule)["schedule"]["next_attempt_at"])
    with invocation(Records(request_id="r")) as running:
        assert _next_look_at(due + late) == due - LEAD
    assert {name for name, *_ in running.figures} == told


def _next_look_at(now: datetime | None = None) -> datetime | None:
    with begin() as work:
        return work.schedules.next_look_at(now=now or utc_now(), lead=LEAD)


def test_scanners_at_once_keep_to_one_budget(author: Author) -> None:
    connection = author.connect()
    answer = author.api.patch(f"/channels/connections/{connection}", {"daily_cap": 3})
    assert answer.status == 200
    for number in range(12):
        _, variant = author.write(f"Post number {number}")
        make_due(author.schedule(variant, connection))
    sent: list[Claimed] = []

    class Queue:
        def connect(self) -> None:
            pass

        def send(self, claims: Sequence[Claimed]) -> None:
            sent.extend(claims)

    def scan() -> None:
        for _ in range(5):
            queue_due(begin, Queue(), utc_now, lease=LEASE)

    at_once(*[scan] * 4)
    assert len(sent) == 3


def test_a_claim_cancelled_while_it_is_handed_over_is_nobodys_business(author: Author) -> None:
    schedule = author.scheduled()
    make_due(schedule)

    class Queue:
        def connect(self) -> None:
            pass

        def send(self, claims: Sequence[Claimed]) -> None:
            assert author.api.post(f"/schedules/{schedule}/cancel").status == 200
            raise Unavailable("BROKER_UNAVAILABLE", "gone")

    with pytest.raises(Unavailable):
        queue_due(begin, Queue(), utc_now, lease=LEASE)
    assert author.status(schedule) == "cancelled"


def test_an_account_of_a_network_that_is_gone_holds_up_nobody(
    author: Author, simulator: Simulator
) -> None:
    orphan, other = author.scheduled(), author.scheduled()
    for each in (orphan, other):
        make_due(each)
    with engine().begin() as database:
        database.execute(
            text(
                "UPDATE channel_connections SET channel = 'gone' WHERE id ="
                " (SELECT channel_connection_id FROM schedules WHERE id = :id)"
            ),
            {"id": orphan},
        )

    class Queue:
        def connect(self) -> None:
            pass

        def send(self, claims: Sequence[Claimed]) -> None:
            assert [str(each.claim.schedule_id) for each in claims] == [other]

    assert queue_due(begin, Queue(), utc_now, lease=LEASE) == 2
    assert author.look(orphan)["schedule"]["error_code"] == "CHANNEL_NOT_SUPPORTED"
