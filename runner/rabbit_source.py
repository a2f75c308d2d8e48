"""Messages from RabbitMQ: acknowledged when their invocation returns, requeued when it raises.

A connection belongs to one thread. It goes on answering heartbeats while containers run the
invocations, and does what they leave to be done with their messages.
"""

import logging
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from threading import Event as Flag
from threading import Thread
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import ConnectionClosedByBroker, ConnectionWrongStateError
from pika.spec import Basic, BasicProperties

from runner.broker_news import BrokerNews
from runner.queues import GATHERING, Delivery, Trigger, queue_event
from shared.infrastructure.broker import LOST, connection_parameters, declare

logger = logging.getLogger(__name__)

_LOOK_UP = 0.2  # seconds between looks at whether to stop
_SHORTEST_BACK_OFF, _LONGEST_BACK_OFF = 0.5, 10.0
_GATHERING_WITH_SPARE = 0.001
_LONGEST_PAUSE = 30.0
_GOODBYE = 10.0  # seconds to settle what is under way when told to stop


class RabbitSource:
    """Consumes for ever: after each loss of the broker it connects anew, backing off."""

    def __init__(self, trigger: Trigger, url: str, news: BrokerNews) -> None:
        self._trigger = trigger
        self._url = url
        self._news = news
        self._stopped = Flag()
        self._thread = Thread(target=self._run, name=trigger.queue, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _run(self) -> None:
        back_off = _SHORTEST_BACK_OFF
        while not self._stopped.is_set():
            try:
                connection = pika.BlockingConnection(connection_parameters(self._url))
                try:
                    consumer = _Consumer(connection, self._trigger)
                    self._news.back()
                    back_off = _SHORTEST_BACK_OFF
                    consumer.run(self._stopped)
                finally:
                    if connection.is_open:
                        connection.close()
            except LOST as error:
                if not self._stopped.is_set():
                    self._news.lost(_reason(error))
            except Exception:
                logger.exception("consumer_failed", extra={"queue": self._trigger.queue})
            self._stopped.wait(back_off)
            back_off = min(_LONGEST_BACK_OFF, 2 * back_off)


def _reason(error: Exception) -> str:
    if isinstance(error, ConnectionClosedByBroker):
        return str(error.reply_text)
    return str(error) or type(error).__name__


class _Consumer:
    """One connection's life."""

    def __init__(self, connection: pika.BlockingConnection, trigger: Trigger) -> None:
        self._connection = connection
        self._trigger = trigger
        self._waiting: deque[Delivery] = deque()
        self._running = 0
        self._failures = 0
        self._is_paused = False
        self._channel: BlockingChannel = connection.channel()
        declare(self._channel, trigger.queue)
        self._channel.basic_qos(prefetch_count=trigger.batch_size * trigger.limit)
        self._tag = self._channel.basic_consume(trigger.queue, self._arrived)

    def run(self, stopped: Flag) -> None:
        """Take messages until told to stop, or until the broker takes the queue away."""
        while not stopped.is_set():
            self._connection.process_data_events(_LOOK_UP)
            if not self._channel.consumer_tags:
                logger.warning("queue_deleted", extra={"queue": self._trigger.queue})
                return
            self._gather()
            while self._waiting and self._is_free():
                self._invoke()
        self._channel.basic_cancel(self._tag)
        until = time.monotonic() + _GOODBYE
        while self._running and time.monotonic() < until:
            self._connection.process_data_events(_LOOK_UP)

    def _is_free(self) -> bool:
        return not self._is_paused and self._running < self._trigger.limit

    def _gather(self) -> None:
        """Wait for more to come; hardly, where it would find another container free."""
        spare = self._running + 1 < self._trigger.limit
        until = time.monotonic() + (_GATHERING_WITH_SPARE if spare else GATHERING)
        while (
            self._is_free()
            and 0 < len(self._waiting) < self._trigger.batch_size
            and (left := until - time.monotonic()) > 0
        ):
            self._connection.process_data_events(left)

    def _arrived(
        self,
        _channel: BlockingChannel,
        method: Basic.Deliver,
        properties: BasicProperties,
        body: bytes,
    ) -> None:
        assert method.delivery_tag is not None
        self._waiting.append(
            Delivery(
                body=body,
                redelivered=bool(method.redelivered),
                tag=method.delivery_tag,
                properties=properties,
            )
        )

    def _invoke(self) -> None:
        size = min(len(self._waiting), self._trigger.batch_size)
        batch = [self._waiting.popleft() for _ in range(size)]
        self._running += 1
        answer = self._trigger.pool.submit(queue_event(self._trigger, batch))
        answer.add_done_callback(partial(self._ended, batch))

    def _ended(self, batch: list[Delivery], answer: "Future[Any]") -> None:
        """Runs in the container's thread; where the connection is gone, RabbitMQ sends again."""
        failed = answer.cancelled() or answer.exception() is not None
        with suppress(ConnectionWrongStateError):
            self._connection.add_callback_threadsafe(partial(self._settle, batch, failed=failed))

    def _settle(self, batch: list[Delivery], *, failed: bool) -> None:
        self._running -= 1
        if failed:
            self._is_paused = True
            pause = min(_LONGEST_PAUSE, 2.0**self._failures)
            self._failures += 1
            self._connection.call_later(pause, partial(self._give_back, batch))
        else:
            self._failures = 0
            for delivery in batch:
                self._channel.basic_ack(delivery.tag)

    def _give_back(self, batch: list[Delivery]) -> None:
        self._is_paused = False
        for delivery in batch:
            self._channel.basic_nack(delivery.tag, requeue=True)
