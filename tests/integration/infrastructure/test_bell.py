"""Rings: they arrive while the broker is there, and hold nobody up while it is not."""

import socket
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pika
import pytest
from pika.exceptions import ChannelClosedByBroker

from runner.services.processes import free_port
from shared.infrastructure.bell import PATIENCE, ring
from shared.infrastructure.broker import declare, memory_broker
from tests.simultaneously import simultaneously


@pytest.fixture
def queue(environment: dict[str, str]) -> Iterator[str]:
    name = f"test.{uuid4()}"
    with pika.BlockingConnection(pika.URLParameters(environment["BROKER_URL"])) as connection:
        channel = connection.channel()
        declare(channel, name)
        yield name
        for each in (name, f"{name}.dead"):
            channel.queue_delete(each)


def waiting(url: str, queue: str) -> int:
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        declared = connection.channel().queue_declare(queue, passive=True)
        return int(declared.method.message_count)


def wait_for_rings(url: str, queue: str, rings: int) -> None:
    deadline = time.monotonic() + 10
    while waiting(url, queue) != rings:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def in_a_thread_of_its_own(call: Callable[[], float]) -> float:
    """As each container has one: no connection, and nothing known of outages."""
    (answer,) = simultaneously([call])
    return answer


def timed(queue: str, *, times: int = 1) -> float:
    began = time.monotonic()
    for _ in range(times):
        ring(queue)
    return time.monotonic() - began


def test_a_ring_arrives(environment: dict[str, str], queue: str) -> None:
    in_a_thread_of_its_own(lambda: timed(queue, times=3))
    wait_for_rings(environment["BROKER_URL"], queue, 3)


def test_a_ring_for_a_queue_that_is_not_there_is_lost(
    environment: dict[str, str], queue: str
) -> None:
    """It makes no queue, and the next ring is heard."""
    nowhere = f"test.{uuid4()}"
    in_a_thread_of_its_own(lambda: timed(nowhere, times=2) + timed(queue))
    wait_for_rings(environment["BROKER_URL"], queue, 1)
    with pytest.raises(ChannelClosedByBroker, match="NOT_FOUND"):
        waiting(environment["BROKER_URL"], nowhere)


def test_nobody_waits_for_a_broker_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROKER_URL", f"amqp://guest:guest@127.0.0.1:{free_port()}/%2F")
    assert in_a_thread_of_its_own(lambda: timed("any", times=1000)) < 0.5


def test_a_broker_that_says_nothing_costs_one_call_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        monkeypatch.setenv("BROKER_URL", f"amqp://guest:guest@127.0.0.1:{port}/%2F")
        taken = in_a_thread_of_its_own(lambda: timed("any", times=1000))
    assert taken < PATIENCE + 1


def test_a_ring_within_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROKER_URL", "memory://")
    name = f"test.{uuid4()}"
    ring(name)
    assert memory_broker().queues[name].get_nowait() == b'{"version": 1}'
