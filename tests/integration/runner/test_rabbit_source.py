"""RabbitMQ under load and under loss: every message handled, acknowledged, and handled once."""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel

from runner import rabbit_source
from runner.broker_news import BrokerNews
from runner.containers import Pool
from runner.queues import Trigger
from runner.rabbit_source import RabbitSource
from runner.template import Function
from shared.infrastructure.broker import DEAD, connection_parameters, declare
from shared.infrastructure.events import rabbitmq_messages
from tests.unit.runner import invocations

TOTAL = 500


@pytest.fixture(autouse=True)
def nothing_seen() -> Iterator[None]:
    invocations.seen.clear()
    invocations.let_go.clear()
    yield
    invocations.let_go.set()


@pytest.fixture
def url(environment: dict[str, str]) -> str:
    return environment["BROKER_URL"]


@pytest.fixture
def queue(url: str) -> Iterator[str]:
    name = f"test.{uuid4()}"
    with opened(url) as channel:
        declare(channel, name)
    yield name
    with opened(url) as channel:
        for each in (name, name + DEAD):
            channel.queue_delete(each)


@contextmanager
def opened(url: str) -> Iterator[BlockingChannel]:
    connection = pika.BlockingConnection(connection_parameters(url))
    try:
        yield connection.channel()
    finally:
        connection.close()


@contextmanager
def consuming(
    handler: str, url: str, queue: str, *, batch_size: int, limit: int
) -> Iterator[RabbitSource]:
    function = Function(
        name=handler,
        handler=f"{invocations.__name__}.{handler}",
        timeout=29,
        environment={},
        triggers=(),
    )
    pool = Pool(function, size=limit)
    trigger = Trigger(queue=queue, virtual_host="/", batch_size=batch_size, pool=pool, limit=limit)
    source = RabbitSource(trigger, url, BrokerNews(url))
    source.start()
    try:
        yield source
    finally:
        invocations.let_go.set()
        source.stop()
        source.join(15)
        assert pool.close(until=time.monotonic() + 10) == 0


def send(url: str, queue: str, numbers: Iterable[int]) -> None:
    with opened(url) as channel:
        channel.confirm_delivery()
        for number in numbers:
            channel.basic_publish("", queue, json.dumps(number).encode())


def left(url: str, queue: str) -> int:
    """What the queue and its dead-letter queue hold, a while after their consumer hung up.

    What it had not acknowledged has come back by then.
    """
    time.sleep(0.5)
    with opened(url) as channel:
        counts = [
            channel.queue_declare(each, passive=True).method.message_count
            for each in (queue, queue + DEAD)
        ]
    return sum(count or 0 for count in counts)


def batches(handler: str) -> list[list[int]]:
    return [
        [message.json() for message in rabbitmq_messages(event)]
        for event in list(invocations.seen[handler])
    ]


def handled(handler: str) -> list[int]:
    return [number for batch in batches(handler) for number in batch]


def until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 100
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_order_of_arrival_is_kept_by_a_single_container(url: str, queue: str) -> None:
    send(url, queue, range(TOTAL))
    with consuming("sees", url, queue, batch_size=100, limit=1):
        until(lambda: len(handled("sees")) >= TOTAL)
    assert handled("sees") == list(range(TOTAL))
    assert left(url, queue) == 0


def test_two_containers_share_the_work(url: str, queue: str) -> None:
    with consuming("sees", url, queue, batch_size=10, limit=2):
        send(url, queue, range(TOTAL))
        until(lambda: len(handled("sees")) >= TOTAL)
    assert sorted(handled("sees")) == list(range(TOTAL))
    assert all(batch == sorted(batch) for batch in batches("sees"))
    assert left(url, queue) == 0


def test_the_last_free_container_waits_for_more(
    url: str, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rabbit_source, "GATHERING", 2.0)
    with consuming("sees", url, queue, batch_size=10, limit=1):
        send(url, queue, [0])
        time.sleep(0.3)
        send(url, queue, [1])
        until(lambda: len(handled("sees")) == 2)
    assert batches("sees") == [[0, 1]]


def test_while_another_is_free_hardly_any_waits(
    url: str, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rabbit_source, "GATHERING", 2.0)
    with consuming("blocks", url, queue, batch_size=10, limit=2):
        send(url, queue, [0])
        began = time.monotonic()
        until(lambda: batches("blocks") == [[0]])
        assert time.monotonic() - began < 1.5
        send(url, queue, [1])
        time.sleep(0.3)
        send(url, queue, [2])
        until(lambda: len(handled("blocks")) == 3)
    assert batches("blocks") == [[0], [1, 2]]


def test_batch_that_fails_at_first_is_handled_once(url: str, queue: str) -> None:
    send(url, queue, range(TOTAL))
    with consuming("raises_at_first", url, queue, batch_size=125, limit=1):
        until(lambda: len(handled("raises_at_first")) >= TOTAL)
    assert sorted(handled("raises_at_first")) == list(range(TOTAL))
    assert left(url, queue) == 0


def test_queue_that_was_deleted_is_made_again(url: str, queue: str) -> None:
    with consuming("sees", url, queue, batch_size=10, limit=1):
        send(url, queue, [1])
        until(lambda: handled("sees") == [1])
        with opened(url) as channel:
            channel.queue_delete(queue)
        until(lambda: is_there(url, queue))
        send(url, queue, [2])
        until(lambda: handled("sees") == [1, 2])
    assert left(url, queue) == 0


def is_there(url: str, queue: str) -> bool:
    try:
        with opened(url) as channel:
            channel.queue_declare(queue, passive=True)
    except pika.exceptions.ChannelClosedByBroker:
        return False
    return True
