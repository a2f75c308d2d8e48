"""Amazon MQ's trigger, imitated: what both kinds of queue have in common."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from pika import BasicProperties

from runner.containers import Pool
from runner.template import Function

GATHERING = 0.005
"""Seconds a batch that is not full waits for more before it takes the last free container."""


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """A queue and the function its batches go to, at most `limit` batches at a time."""

    queue: str
    virtual_host: str
    batch_size: int
    pool: Pool
    limit: int


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A message as it came; `tag` is what to acknowledge it by, where the broker wants that."""

    body: bytes
    redelivered: bool
    tag: int = 0
    properties: BasicProperties = field(default_factory=BasicProperties)


class Source(Protocol):
    """Where a trigger's messages come from; works in threads of its own until stopped."""

    def start(self) -> None: ...

    def stop(self) -> None:
        """Take no more messages; batches under way are settled first."""

    def join(self, seconds: float) -> None: ...


def triggers(
    functions: Iterable[Function], pools: Mapping[str, Pool], *, limit: int
) -> Iterator[Trigger]:
    """Every queue of the template."""
    for function in functions:
        for trigger in function.of_kind("MQ"):
            properties = trigger.properties
            hosts = [
                access["URI"]
                for access in properties["SourceAccessConfigurations"]
                if access["Type"] == "VIRTUAL_HOST"
            ]
            for queue in properties["Queues"]:
                yield Trigger(
                    queue=queue,
                    virtual_host=hosts[0] if hosts else "/",
                    batch_size=properties["BatchSize"],
                    pool=pools[function.name],
                    limit=limit,
                )


def queue_event(trigger: Trigger, deliveries: Iterable[Delivery]) -> dict[str, Any]:
    """The event of a batch. Shape: AWS, "Using Lambda with Amazon MQ", RabbitMQ record."""
    return {
        "eventSource": "aws:rmq",
        "eventSourceArn": "arn:aws:mq:eu-central-1:123456789012:broker:luxaris:b-local",
        "rmqMessagesByQueue": {
            f"{trigger.queue}::{trigger.virtual_host}": [_message(each) for each in deliveries]
        },
    }


def _message(delivery: Delivery) -> dict[str, Any]:
    properties = delivery.properties
    return {
        "basicProperties": {
            "contentType": properties.content_type,
            "contentEncoding": properties.content_encoding,
            "headers": {name: _header(value) for name, value in (properties.headers or {}).items()},
            "deliveryMode": properties.delivery_mode,
            "priority": properties.priority,
            "correlationId": properties.correlation_id,
            "replyTo": properties.reply_to,
            "expiration": properties.expiration,
            "messageId": properties.message_id,
            "timestamp": _timestamp(properties.timestamp),
            "type": properties.type,
            "userId": properties.user_id,
            "appId": properties.app_id,
            "clusterId": properties.cluster_id,
            "bodySize": len(delivery.body),
        },
        "redelivered": delivery.redelivered,
        "data": base64.b64encode(delivery.body).decode(),
    }


def _header(value: Any) -> Any:
    return {"bytes": list(value.encode())} if isinstance(value, str) else value


def _timestamp(seconds: int | None) -> str | None:
    """As Java's default format has it: ``Jan 1, 1970, 12:33:41 AM``."""
    if seconds is None:
        return None
    at = datetime.fromtimestamp(seconds, UTC)
    return f"{at:%b} {at.day}, {at.year}, {at.hour % 12 or 12}:{at:%M:%S %p}"
