"""A service that is down: a clear answer, nothing lost, and work goes on when it is back."""

import socket

import pytest
from sqlalchemy import create_engine

from runner.services.processes import free_port
from shared.infrastructure import database
from shared.infrastructure.broker import RabbitBroker
from shared.infrastructure.database import transaction
from shared.kernel.clock import utc_now
from shared.kernel.errors import Unavailable
from shared.publishing import api as publishing
from shared.publishing.adapters.postgres import begin
from shared.publishing.adapters.rabbitmq import RabbitDueQueue
from shared.publishing.application.queue_due import queue_due
from shared.publishing.domain.schedule import LEASE
from tests.author import Author, in_future
from tests.line import Line, make_due
from tests.simulator.client import Simulator


def test_a_database_that_is_down_is_503(author: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = author.scheduled()
    nowhere = create_engine(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing")
    with monkeypatch.context() as patch:
        patch.setattr(database, "engine", lambda: nowhere)
        for answer in (
            author.api.get(f"/schedules/{schedule}"),
            author.api.post(f"/schedules/{schedule}/cancel"),
        ):
            assert (answer.status, answer.codes) == (503, ["DATABASE_UNAVAILABLE"])
    assert author.status(schedule) == "pending"


def test_scheduling_needs_no_broker(
    author: Author, line: Line, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, variant = author.write()
    connection = author.connect()
    with monkeypatch.context() as patch:
        patch.setattr("shared.publishing.adapters.rabbitmq.broker", broker_that_is_down)
        schedule = author.schedule(variant, connection, run_at=in_future(seconds=0.5))
    make_due(schedule)
    line.run()
    assert author.status(schedule) == "success"
    assert len(simulator.receipts()) == 1


def test_a_broker_that_accepts_and_says_nothing_is_down(
    author: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, variant = author.write()
    connection = author.connect()
    with socket.create_server(("127.0.0.1", 0)) as silent, monkeypatch.context() as patch:
        url = f"amqp://guest:guest@127.0.0.1:{silent.getsockname()[1]}/%2F"
        patch.setattr("shared.publishing.adapters.rabbitmq.broker", lambda: RabbitBroker(url))
        answer = author.try_to_schedule(variant, connection, run_at=in_future(seconds=20))
        assert answer.status == 201
        with pytest.raises(Unavailable):
            RabbitBroker(url).connect()


def test_a_schedule_for_this_minute_wakes_the_scanner(author: Author, line: Line) -> None:
    _, variant = author.write()
    connection = author.connect()
    author.schedule(variant, connection, run_at=in_future(hours=1))
    assert line.taken("publishing.wake") == []
    author.schedule(variant, connection, run_at=in_future(seconds=2))
    assert len(line.taken("publishing.wake")) == 1
    far = author.schedule(variant, connection, run_at=in_future(hours=1))
    author.api.patch(f"/schedules/{far}", {"run_at": in_future(seconds=2)})
    assert len(line.taken("publishing.wake")) == 1


def test_nothing_is_claimed_while_the_broker_is_down(author: Author, line: Line) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    with pytest.raises(Unavailable):
        queue_due(begin, RabbitDueQueue(broker_that_is_down()), utc_now, lease=LEASE)
    assert author.status(schedule) == "pending"
    assert line.run() == 1


class LostWhileSending(RabbitDueQueue):
    def connect(self) -> None:
        pass


def test_claims_that_could_not_be_handed_over_are_free_at_once(author: Author, line: Line) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    with pytest.raises(Unavailable):
        queue_due(begin, LostWhileSending(broker_that_is_down()), utc_now, lease=LEASE)
    assert author.status(schedule) == "queued"
    assert line.run() == 1, "without waiting for the lease"
    assert author.status(schedule) == "success"


def broker_that_is_down() -> RabbitBroker:
    return RabbitBroker(f"amqp://guest:guest@127.0.0.1:{free_port()}/%2F")


def test_claims_whose_queue_is_gone_are_made_anew(author: Author, line: Line) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.scan()
    line.taken()
    assert line.run() == 0, "its lease runs"
    with transaction() as session:
        publishing.release_queued(session, now=utc_now())
    assert line.run() == 1
    assert author.status(schedule) == "success"
