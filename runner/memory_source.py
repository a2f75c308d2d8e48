"""Messages from the queues in this process, for runs without RabbitMQ."""

import time
from collections import deque
from concurrent.futures import Future
from functools import partial
from queue import Empty
from threading import BoundedSemaphore, Thread
from threading import Event as Flag
from typing import Any

import pika

from runner.queues import GATHERING, Delivery, Trigger, queue_event
from shared.infrastructure.broker import memory_broker

_LOOK_UP = 0.2  # seconds between looks at whether to stop
_LONGEST_PAUSE = 30.0


class MemorySource:
    def __init__(self, trigger: Trigger) -> None:
        self._trigger = trigger
        self._queue = memory_broker().queues[trigger.queue]
        self._returned: deque[Delivery] = deque()
        self._free = BoundedSemaphore(trigger.limit)
        self._failures = 0
        self._not_before = 0.0
        self._stopped = Flag()
        self._thread = Thread(target=self._run, name=trigger.queue, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def join(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        self._thread.join(seconds)
        for _ in range(self._trigger.limit):
            self._free.acquire(timeout=max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        while not self._stopped.is_set():
            if not self._free.acquire(timeout=_LOOK_UP):
                continue
            self._stopped.wait(max(0.0, self._not_before - time.monotonic()))
            batch = [] if self._stopped.is_set() else self._gather()
            if batch:
                answer = self._trigger.pool.submit(queue_event(self._trigger, batch))
                answer.add_done_callback(partial(self._end, batch))
            else:
                self._free.release()

    def _gather(self) -> list[Delivery]:
        batch: list[Delivery] = []
        wait = _LOOK_UP
        while len(batch) < self._trigger.batch_size:
            if self._returned:
                batch.append(self._returned.popleft())
                continue
            try:
                body = self._queue.get(timeout=wait)
            except Empty:
                break
            wait = GATHERING
            batch.append(Delivery(body=body, redelivered=False, properties=_PROPERTIES))
        return batch

    def _end(self, batch: list[Delivery], answer: "Future[Any]") -> None:
        if answer.exception() is None:
            self._failures = 0
        else:
            self._not_before = time.monotonic() + min(_LONGEST_PAUSE, 2.0**self._failures)
            self._failures += 1
            self._returned.extend(
                Delivery(body=each.body, redelivered=True, properties=each.properties)
                for each in batch
            )
        self._free.release()


_PROPERTIES = pika.BasicProperties(content_type="application/json", delivery_mode=2)
