"""Sends the time of each tick to a queue."""

from typing import Any

from shared.infrastructure.broker import broker
from shared.infrastructure.logging import configure_logging

configure_logging()


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    broker().send("small.messages", [{"time": event["time"]}])
    return {"time": event["time"]}
