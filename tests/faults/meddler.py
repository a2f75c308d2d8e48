"""Who takes messages off the queues and puts them back: twice, later, in another order, or not."""

import logging
import random
import time

import pika
from pika.adapters.blocking_connection import BlockingChannel

from shared.infrastructure.broker import LOST, connection_parameters, declare
from shared.publishing.adapters.rabbitmq import DUE

logger = logging.getLogger(__name__)

_PERSISTENT = pika.BasicProperties(
    content_type="application/json", delivery_mode=pika.DeliveryMode.Persistent.value
)
_LONGEST_DELAY = 3.0
_PREFETCH = 5


def meddle(url: str, *, seed: int) -> None:
    """Compete with the publishers for ever. What it loses, a lease brings back."""
    chance = random.Random(seed)
    while True:
        try:
            connection = pika.BlockingConnection(connection_parameters(url))
            _Meddler(connection, chance).run()
        except LOST as error:
            logger.info("meddler_reconnecting", extra={"reason": str(error)})
            time.sleep(0.3)


class _Meddler:
    """One connection's life."""

    def __init__(self, connection: pika.BlockingConnection, chance: random.Random) -> None:
        self._connection = connection
        self._chance = chance
        self._channel: BlockingChannel = connection.channel()
        self._kept: list[tuple[float, str, bytes]] = []

    def run(self) -> None:
        self._channel.basic_qos(prefetch_count=_PREFETCH)
        for queue in DUE:
            declare(self._channel, queue)
            self._channel.basic_consume(
                queue,
                lambda _channel, method, _properties, body: self._arrived(
                    method.routing_key or "", method.delivery_tag or 0, body
                ),
            )
        while True:
            self._connection.process_data_events(0.1)
            self._put_back_late_ones()

    def _arrived(self, queue: str, tag: int, body: bytes) -> None:
        match self._chance.choices(["pass", "twice", "later", "lose"], [4, 4, 3, 1])[0]:
            case "pass":
                self._put_back(queue, body)
            case "twice":
                self._put_back(queue, body)
                self._put_back(queue, body)
            case "later":
                until = time.monotonic() + self._chance.uniform(0.1, _LONGEST_DELAY)
                self._kept.append((until, queue, body))
        self._channel.basic_ack(tag)

    def _put_back_late_ones(self) -> None:
        late = [each for each in self._kept if each[0] <= time.monotonic()]
        self._chance.shuffle(late)
        for each in late:
            self._kept.remove(each)
            self._put_back(each[1], each[2])

    def _put_back(self, queue: str, body: bytes) -> None:
        self._channel.basic_publish("", queue, body, _PERSISTENT)
