"""What RabbitMQ promises us, asked of a real one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel

from runner.services.processes import free_port
from runner.services.rabbitmq import rabbitmq
from shared.infrastructure.broker import RabbitBroker, declare
from shared.kernel.errors import Unavailable


@contextmanager
def _sending(url: str) -> Iterator[RabbitBroker]:
    broker = RabbitBroker(url)
    yield broker
    broker.close()


@pytest.fixture
def channel(environment: dict[str, str]) -> Iterator[BlockingChannel]:
    with pika.BlockingConnection(pika.URLParameters(environment["BROKER_URL"])) as connection:
        yield connection.channel()


@pytest.fixture
def queue(channel: BlockingChannel) -> Iterator[str]:
    name = f"test.{uuid4()}"
    yield name
    for each in (name, f"{name}.dead"):
        channel.queue_delete(each)


def _all(channel: BlockingChannel, queue: str) -> list[Any]:
    found: list[Any] = []
    while True:
        _, properties, body = channel.basic_get(queue, auto_ack=True)
        if properties is None or body is None:
            return found
        assert properties.delivery_mode == pika.DeliveryMode.Persistent.value
        found.append(json.loads(body))


def test_messages_arrive_once_in_order_and_persistent(
    environment: dict[str, str], channel: BlockingChannel, queue: str
) -> None:
    with _sending(environment["BROKER_URL"]) as broker:
        broker.send(queue, [{"n": n} for n in range(300)])
    assert _all(channel, queue) == [{"n": n} for n in range(300)]


def test_what_is_rejected_waits_in_the_dead_letter_queue(
    channel: BlockingChannel, queue: str
) -> None:
    declare(channel, queue)
    channel.basic_publish("", queue, b"not json")
    delivery = next(channel.consume(queue, inactivity_timeout=5))[0]
    assert delivery is not None
    assert delivery.delivery_tag is not None
    channel.basic_nack(delivery.delivery_tag, requeue=False)
    channel.cancel()
    dead = next(channel.consume(f"{queue}.dead", inactivity_timeout=5))
    assert dead[2] == b"not json"


@pytest.mark.slow
def test_queues_survive_a_restart_with_their_messages(tmp_path: Path) -> None:
    with rabbitmq(tmp_path) as url, _sending(url) as broker:
        broker.send("kept", [{"n": 1}])
    with rabbitmq(tmp_path) as url, pika.BlockingConnection(pika.URLParameters(url)) as connection:
        assert _all(connection.channel(), "kept") == [{"n": 1}]


def test_a_client_outlives_its_connection(
    environment: dict[str, str], channel: BlockingChannel, queue: str
) -> None:
    with _sending(environment["BROKER_URL"]) as broker:
        broker.send(queue, ["before"])
        assert broker._channel is not None
        broker._channel.connection.close()
        broker.send(queue, ["after"])
    assert _all(channel, queue) == ["before", "after"]


def test_a_queue_that_was_deleted_is_made_again_by_the_next_call(
    environment: dict[str, str], channel: BlockingChannel, queue: str
) -> None:
    with _sending(environment["BROKER_URL"]) as broker:
        broker.send(queue, ["before"])
        channel.queue_delete(queue)
        with pytest.raises(Unavailable):
            broker.send(queue, ["nowhere"])
        broker.send(queue, ["after"])
    assert _all(channel, queue) == ["after"]


def test_a_channel_that_the_broker_closed_leaves_no_connection_behind(
    environment: dict[str, str], channel: BlockingChannel, queue: str
) -> None:
    """A queue of other properties has the name: RabbitMQ closes the channel that declares it."""
    channel.queue_declare(queue)
    with _sending(environment["BROKER_URL"]) as broker:
        broker.connect()
        assert broker._channel is not None
        connection = broker._channel.connection
        with pytest.raises(Unavailable):
            broker.send(queue, ["refused"])
        assert connection.is_closed
        channel.queue_delete(queue)
        broker.send(queue, ["after"])
    assert _all(channel, queue) == ["after"]


def test_no_broker_is_said_by_name() -> None:
    broker = RabbitBroker(f"amqp://guest:guest@127.0.0.1:{free_port()}/%2F")
    for attempt in (broker.connect, lambda: broker.send("any", [1])):
        with pytest.raises(Unavailable) as failure:
            attempt()
        assert failure.value.code == "BROKER_UNAVAILABLE"
