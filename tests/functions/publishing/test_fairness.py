"""Organizations take turns, and none fills the queues."""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import text

from shared.infrastructure.broker import RabbitBroker
from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from shared.publishing.adapters.postgres import begin
from shared.publishing.adapters.rabbitmq import CLAIMS, DUE, RabbitDueQueue, queues_of
from shared.publishing.application.queue_due import BATCH, SHARE, queue_due
from shared.publishing.domain.schedule import LEASE
from tests.accounts import approved_user, root
from tests.api import Api
from tests.author import Author
from tests.line import Line, make_due
from tests.simulator.client import Simulator


def multiply(schedule: str, count: int) -> None:
    """Make so many schedules of one: due for ten minutes, of the same post."""
    with engine().begin() as database:
        columns = [
            row.column_name
            for row in database.execute(
                text(
                    "SELECT column_name FROM information_schema.columns WHERE table_name ="
                    " 'schedules' AND is_generated = 'NEVER' AND column_name NOT IN"
                    " ('id', 'next_attempt_at')"
                )
            )
        ]
        same = ", ".join(columns)
        database.execute(
            text(
                f"INSERT INTO schedules (id, next_attempt_at, {same})"
                f" SELECT gen_random_uuid(), now() - interval '10 minutes', {same}"
                " FROM schedules, generate_series(1, :count) WHERE id = :id"
            ),
            {"id": schedule, "count": count},
        )


def queued() -> int:
    with engine().connect() as database:
        found = database.execute(text("SELECT count(*) FROM schedules WHERE status = 'queued'"))
        count: int = found.scalar_one()
    return count


@pytest.fixture
def other(api: Api, simulator: Simulator) -> Author:
    """Somebody with no posts, beside one with ten thousand that are due for ten minutes."""
    account = root(api)
    multiply(Author.of(account).scheduled("one of many", "bluesky"), 10_000)
    return Author.of(approved_user(api, account))


@pytest.fixture
def queue(environment: dict[str, str], line: Line) -> Iterator[RabbitDueQueue]:
    with closing(RabbitBroker(environment["BROKER_URL"])) as broker:
        yield RabbitDueQueue(broker)


def test_a_single_post_is_in_the_next_batch_whoever_waits(
    other: Author, queue: RabbitDueQueue
) -> None:
    single = other.scheduled("single")
    make_due(single)
    assert queue_due(begin, queue, utc_now, lease=LEASE) == BATCH
    assert other.status(single) == "queued"


def test_none_has_more_than_its_share_in_the_queues(other: Author, line: Line) -> None:
    """A share that is full holds up nobody else, and is filled again as it empties."""
    assert line.scan() == queued() == SHARE
    single = other.scheduled("single")
    make_due(single)
    assert line.scan() == 1
    assert other.status(single) == "queued"
    left = SHARE + 1 - line.publish(line.taken()[:2])
    assert queued() == left < SHARE
    line.scan()
    assert queued() in {SHARE, SHARE + 1}, "the single one may have left"


def test_claims_travel_together_in_the_queue_of_their_account(other: Author, line: Line) -> None:
    with engine().connect() as database:
        [connection] = database.scalars(text("SELECT id FROM channel_connections")).all()
    line.scan()
    for queue in DUE:
        claims = [len(json.loads(body)["claims"]) for body in line.taken(queue)]
        assert sum(claims) == (SHARE if queue == queue_of(connection) else 0)
        assert all(each <= CLAIMS for each in claims)
