"""A ring for a function that has a timer: come now. It may get lost, and holds nobody up.

Not `broker`, whose callers wait until a message is safe: a ring is not confirmed, waits for a slow
broker a second at most, and after that spares the next callers even this for a while.
"""

import json
import logging
import threading
import time
from contextlib import suppress
from weakref import finalize

import pika

from shared.infrastructure.broker import (
    LOST,
    BrokerSettings,
    connection_parameters,
    is_alive,
    memory_broker,
)

logger = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds for a connection to come about."""

SILENCE = 30.0
"""Seconds without another try after one that failed."""

_RING = {"version": 1}


class _Line:
    """A connection that is closed when nobody holds it any more: when its thread has ended."""

    def __init__(self, url: str) -> None:
        parameters = connection_parameters(url)
        parameters.socket_timeout = parameters.stack_timeout = PATIENCE
        parameters.blocked_connection_timeout = PATIENCE
        connection = pika.BlockingConnection(parameters)
        finalize(self, _hang_up, connection).atexit = False
        self.channel = connection.channel()


class _Bell(threading.local):
    """One for each thread, as a pika connection belongs to one."""

    def __init__(self) -> None:
        self._line: _Line | None = None
        self._silent_until = 0.0

    def ring(self, url: str, queue: str) -> None:
        if time.monotonic() < self._silent_until:
            return
        try:
            if self._line is None or not is_alive(self._line.channel):
                self._line = _Line(url)
            self._line.channel.basic_publish(
                "", queue, json.dumps(_RING).encode(), pika.BasicProperties(delivery_mode=2)
            )
        except LOST:
            self._line = None
            self._silent_until = time.monotonic() + SILENCE
            logger.warning("bell_not_heard", extra={"queue": queue})


def _hang_up(connection: pika.BlockingConnection) -> None:
    if connection.is_open:
        with suppress(*LOST):
            connection.close()


_bell = _Bell()


def ring(queue: str) -> None:
    """Call the function behind `queue` now; whether it heard is nobody's to know."""
    url = BrokerSettings.read().url
    if url.startswith("memory:"):
        memory_broker().send(queue, [_RING])
    else:
        _bell.ring(url, queue)
