"""Organizations take turns, and none fills the queues."""

import json
from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from shared.infrastructure.broker import RabbitBroker
from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from shared.kernel.ids import OrganizationId, new_id
from shared.publishing.adapters.postgres import begin
from shared.publishing.adapters.rabbitmq import CLAIMS, DUE, RabbitDueQueue, queues_of
from shared.publishing.application.ports import Claimed
from shared.publishing.application.queue_due import BATCH, SHARE, queue_due
from shared.publishing.domain.attempt import Claim
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


def test_claims_travel_together_in_a_queue_of_their_account(other: Author, line: Line) -> None:
    with engine().connect() as database:
        [connection] = database.scalars(text("SELECT id FROM channel_connections")).all()
    line.scan()
    counts = {}
    for queue in DUE:
        claims = [len(json.loads(body)["claims"]) for body in line.taken(queue)]
        assert all(each <= CLAIMS for each in claims)
        counts[queue] = sum(claims)
    assert sum(counts.values()) == SHARE
    assert {queue for queue, count in counts.items() if count} <= set(queues_of(connection))


def test_the_queues_get_about_the_same(environment: dict[str, str], line: Line) -> None:
    claimed = [claim_on(new_id()) for _ in range(400)]
    with closing(RabbitBroker(environment["BROKER_URL"])) as broker:
        RabbitDueQueue(broker).send(claimed)
    counts = [sum(len(json.loads(body)["claims"]) for body in line.taken(each)) for each in DUE]
    assert sum(counts) == 400
    assert max(counts) - min(counts) <= 10


@given(st.uuids())
def test_an_account_has_two_queues(connection: UUID) -> None:
    first, other = queues_of(connection)
    assert first != other
    assert {first, other} <= set(DUE)


def claim_on(connection: UUID) -> Claimed:
    return Claimed(
        claim=Claim(schedule_id=new_id(), fencing_token=1),
        organization_id=OrganizationId(new_id()),
        wanted_at=utc_now(),
        post_id=new_id(),
        post_variant_id=new_id(),
        channel_connection_id=connection,
        created_by=new_id(),
        part=0,
        waited_for=None,
        has_turn=False,
        is_open=False,
    )
