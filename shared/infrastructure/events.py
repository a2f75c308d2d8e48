"""The shapes in which AWS calls functions that have a queue, a timer or a bucket."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

Event = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Message:
    """One RabbitMQ message; `body` is what was sent, not yet believed."""

    queue: str
    body: bytes

    def json(self) -> Any:
        """Decode the body.

        Raises:
            ValueError: it is not JSON in UTF-8.
        """
        return json.loads(self.body)


def rabbitmq_messages(event: Event) -> Iterator[Message]:
    """The batch of an ``aws:rmq`` event; its keys are ``queue::virtual host``."""
    for key, messages in event["rmqMessagesByQueue"].items():
        queue = key.partition("::")[0]
        for message in messages:
            yield Message(queue=queue, body=base64.b64decode(message["data"]))


def scheduled_at(event: Event) -> datetime | None:
    """The instant an EventBridge timer meant to tick; nothing for an event that is no tick."""
    return datetime.fromisoformat(event["time"]) if "time" in event else None


def correlation_of(event: Event) -> str:
    """The id that all messages of a batch go back to; empty where there are several, or none."""
    found = {
        message.get("basicProperties", {}).get("correlationId")
        for messages in event.get("rmqMessagesByQueue", {}).values()
        for message in messages
    }
    return str(found.pop() or "") if len(found) == 1 else ""


def carrier_of(event: Event) -> dict[str, str]:
    """The headers of a batch's first message that are text, which may tell of a trace."""
    for messages in event.get("rmqMessagesByQueue", {}).values():
        for message in messages:
            headers = message.get("basicProperties", {}).get("headers") or {}
            return {
                name: bytes(value["bytes"]).decode(errors="replace")
                for name, value in headers.items()
                if isinstance(value, dict) and "bytes" in value
            }
    return {}


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An object that has come into a bucket; `size` in bytes."""

    key: str
    size: int
    etag: str


def stored_objects(event: Event) -> Iterator[Stored]:
    """Those that an ``aws:s3`` event tells of; keys come encoded as in a form."""
    for record in event["Records"]:
        told = record["s3"]["object"]
        yield Stored(key=unquote_plus(told["key"]), size=told["size"], etag=told["eTag"])
