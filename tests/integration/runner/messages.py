"""Messages for the small house's reader, and what it has read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel

from shared.infrastructure.broker import declare
from tests.integration.runner.processes import Up

QUEUE = "small.messages"


def read(runner: Up) -> list[dict[str, Any]]:
    return [each for each in runner.logs("message_read") if "n" in each["body"]]


def numbers(runner: Up) -> list[int]:
    return [each["body"]["n"] for each in read(runner)]


def send(url: str, *messages: dict[str, Any]) -> None:
    with opened(url) as channel:
        declare(channel, QUEUE)
        channel.confirm_delivery()
        for message in messages:
            channel.basic_publish("", QUEUE, json.dumps(message).encode())


def waiting(url: str) -> int:
    """How many messages the queue holds that nobody was given."""
    with opened(url) as channel:
        count: int = channel.queue_declare(QUEUE, passive=True).method.message_count
        return count


@contextmanager
def opened(url: str) -> Iterator[BlockingChannel]:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    try:
        yield connection.channel()
    finally:
        connection.close()
