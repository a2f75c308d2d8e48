"""RabbitMQ through pika, or queues in the process for ``memory://``.

Every queue is a durable quorum queue with a dead-letter queue beside it, ``<name>.dead``. There
is no time to live and no maximum length: both would drop messages silently.
"""

import json
import logging
import threading
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from queue import SimpleQueue
from typing import Any, Protocol
from weakref import finalize

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.adapters.utils.connection_workflow import AMQPConnectorException
from pika.exceptions import AMQPError

from shared.infrastructure.logging import request_id
from shared.infrastructure.settings import Settings
from shared.infrastructure.tracing import carried, span
from shared.kernel.errors import Unavailable

logger = logging.getLogger(__name__)

LOST = (AMQPError, AMQPConnectorException, OSError)
"""Whatever pika raises where a broker is away, hangs up, or accepts and then says nothing."""

DEAD = ".dead"
"""What the name of a queue's dead-letter queue ends in."""


@dataclass(frozen=True, kw_only=True)
class BrokerSettings(Settings):
    """`url` is ``amqp(s)://user:password@host:port/vhost`` or ``memory://``."""

    url: str = field(repr=False)


class Broker(Protocol):
    def connect(self) -> None:
        """Make sure the broker can be reached.

        Raises:
            Unavailable: `BROKER_UNAVAILABLE`.
        """

    def declare(self, queue: str) -> None:
        """Make the queue, where it is not there yet; who sends to it makes it, too.

        Raises:
            Unavailable: `BROKER_UNAVAILABLE`.
        """

    def send(self, queue: str, messages: Sequence[Any]) -> None:
        """Hand over JSON messages; returns when the broker has taken responsibility for all.

        Raises:
            Unavailable: `BROKER_UNAVAILABLE`; some of the messages may have been taken.
        """

    def waiting(self, queue: str) -> int:
        """How many messages nobody has been handed yet.

        Raises:
            Unavailable: `BROKER_UNAVAILABLE`.
        """


def connection_parameters(url: str) -> pika.URLParameters:
    """How to connect: as `url` says, but never wait long for an answer."""
    parameters = pika.URLParameters(url)
    parameters.socket_timeout = parameters.stack_timeout = 5
    parameters.blocked_connection_timeout = 10
    return parameters


def declare(channel: BlockingChannel, queue: str) -> int:
    """Make `queue` and its dead-letter queue; where they exist, only tell what waits there."""
    dead = f"{queue}{DEAD}"
    channel.queue_declare(dead, durable=True, arguments={"x-queue-type": "quorum"})
    declared = channel.queue_declare(
        queue,
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": dead,
        },
    )
    return int(declared.method.message_count)


class RabbitBroker:
    def __init__(self, url: str) -> None:
        self._url = url
        self._channel: BlockingChannel | None = None
        self._declared: set[str] = set()

    def connect(self) -> None:
        try:
            self._open()
        except LOST as error:
            self.close()
            raise _unavailable() from error

    def send(self, queue: str, messages: Sequence[Any]) -> None:
        try:
            channel = self._open()
            if queue not in self._declared:
                declare(channel, queue.removesuffix(DEAD))
                self._declared.add(queue)
            with span(f"send {queue}", "producer"):
                self._publish(channel, queue, messages)
        except LOST as error:
            self.close()
            raise _unavailable() from error

    @staticmethod
    def _publish(channel: BlockingChannel, queue: str, messages: Sequence[Any]) -> None:
        for message in messages:
            channel.basic_publish(
                exchange="",
                routing_key=queue,
                body=json.dumps(message).encode(),
                properties=pika.BasicProperties(
                    content_type="application/json",
                    delivery_mode=pika.DeliveryMode.Persistent.value,
                    correlation_id=request_id.get() or None,
                    headers=carried() or None,
                ),
                mandatory=True,
            )

    def declare(self, queue: str) -> None:
        self.waiting(queue)

    def waiting(self, queue: str) -> int:
        try:
            return declare(self._open(), queue)
        except LOST as error:
            self.close()
            raise _unavailable() from error

    def close(self) -> None:
        """Hang up; the next call connects anew."""
        channel, self._channel = self._channel, None
        if channel is not None and channel.connection.is_open:
            with suppress(*LOST):
                channel.connection.close()

    def _open(self) -> BlockingChannel:
        """The channel in use, or a new one where the old did not survive."""
        if self._channel is not None:
            if is_alive(self._channel):
                return self._channel
            logger.info("broker_reconnecting")
            self.close()
        self._declared.clear()
        self._channel = pika.BlockingConnection(connection_parameters(self._url)).channel()
        self._channel.confirm_delivery()
        return self._channel


def is_alive(channel: BlockingChannel) -> bool:
    """Whether the broker has not hung up since the last invocation.

    A blocking connection answers heartbeats only while it is used; what has happened meanwhile
    shows when its pending events are processed.
    """
    try:
        if channel.is_open:
            channel.connection.process_data_events()
    except LOST:
        return False
    return channel.is_open


def _unavailable() -> Unavailable:
    return Unavailable("BROKER_UNAVAILABLE", "The message broker cannot be reached")


class MemoryBroker:
    """Queues in the process; they end with it, and leases bring back what they held."""

    def __init__(self) -> None:
        self.queues: defaultdict[str, SimpleQueue[bytes]] = defaultdict(SimpleQueue)

    def connect(self) -> None:
        pass

    def declare(self, queue: str) -> None:
        self.waiting(queue)

    def send(self, queue: str, messages: Sequence[Any]) -> None:
        for message in messages:
            self.queues[queue].put(json.dumps(message).encode())

    def waiting(self, queue: str) -> int:
        return self.queues[queue].qsize()


_of_thread = threading.local()


@cache
def memory_broker() -> MemoryBroker:
    """The one broker of a process that runs without RabbitMQ."""
    return MemoryBroker()


def broker() -> Broker:
    """The only broker client of a thread: a pika connection belongs to one and ends with it."""
    url = BrokerSettings.read().url
    if url.startswith("memory:"):
        return memory_broker()
    if not hasattr(_of_thread, "broker"):
        _of_thread.broker = RabbitBroker(url)
        finalize(threading.current_thread(), _of_thread.broker.close).atexit = False
    client: RabbitBroker = _of_thread.broker
    return client
