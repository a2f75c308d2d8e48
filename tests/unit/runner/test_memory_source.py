"""Queues in the process: batches, one more try for what failed, and an orderly end."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from runner.containers import Pool
from runner.memory_source import MemorySource
from runner.queues import Trigger
from runner.template import Function
from shared.infrastructure.broker import memory_broker
from shared.infrastructure.events import Message, rabbitmq_messages
from tests.unit.runner import invocations


@contextmanager
def consuming(name: str, queue: str, *, batch_size: int = 10) -> Iterator[MemorySource]:
    function = Function(
        name=name,
        handler=f"{invocations.__name__}.{name}",
        timeout=29,
        environment={},
        triggers=(),
    )
    pool = Pool(function, size=1)
    trigger = Trigger(queue=queue, virtual_host="/", batch_size=batch_size, pool=pool, limit=1)
    source = MemorySource(trigger)
    source.start()
    try:
        yield source
    finally:
        invocations.let_go.set()
        source.stop()
        source.join(10)
        assert pool.close(until=time.monotonic() + 10) == 0


def until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def batches(name: str) -> list[list[Message]]:
    return [list(rabbitmq_messages(event)) for event in list(invocations.seen[name])]


def redelivered(event: dict[str, Any]) -> set[bool]:
    return {each["redelivered"] for batch in event["rmqMessagesByQueue"].values() for each in batch}


def test_messages_come_in_batches_and_in_order() -> None:
    queue = str(uuid4())
    memory_broker().send(queue, list(range(25)))
    with consuming("sees", queue):
        until(lambda: sum(map(len, batches("sees"))) == 25)
    assert [len(batch) for batch in batches("sees")] == [10, 10, 5]
    bodies = [json.loads(message.body) for batch in batches("sees") for message in batch]
    assert bodies == list(range(25))


def test_failed_batch_comes_again_as_redelivered() -> None:
    queue = str(uuid4())
    with consuming("raises", queue):
        memory_broker().send(queue, ["a", "b"])
        until(lambda: batches("raises"))
        failed_at = time.monotonic()
        until(lambda: len(batches("raises")) == 2)
        assert time.monotonic() - failed_at > 0.9
    first, second = batches("raises")
    assert [message.body for message in first] == [message.body for message in second]
    assert [redelivered(event) for event in invocations.seen["raises"]] == [{False}, {True}]


def test_next_batch_waits_for_a_free_container_and_survives_the_end() -> None:
    queue = str(uuid4())
    with consuming("blocks", queue, batch_size=1) as source:
        memory_broker().send(queue, ["a", "b"])
        until(lambda: batches("blocks"))
        time.sleep(0.05)
        assert len(batches("blocks")) == 1
        source.stop()
    assert len(batches("blocks")) == 1
    assert memory_broker().queues[queue].get_nowait() == b'"b"'
