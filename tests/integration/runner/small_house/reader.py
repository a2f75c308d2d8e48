"""Logs each message; fails for those that ask for it, until they come again."""

import logging
import time
from typing import Any

from shared.infrastructure.events import rabbitmq_messages
from shared.infrastructure.logging import configure_logging

configure_logging()
logger = logging.getLogger(__name__)


def handler(event: dict[str, Any], context: Any) -> None:
    sent = [each for batch in event["rmqMessagesByQueue"].values() for each in batch]
    for message, each in zip(rabbitmq_messages(event), sent, strict=True):
        body, redelivered = message.json(), each["redelivered"]
        if body.get("fails") and not redelivered:
            raise RuntimeError("as asked")
        logger.info("message_begun", extra={"body": body})
        time.sleep(body.get("seconds", 0))
        logger.info("message_read", extra={"body": body, "redelivered": redelivered})
