"""Logs each message; fails for those that ask for it, until they come again."""

import logging
from typing import Any

from shared.infrastructure.events import rabbitmq_messages
from shared.infrastructure.logging import configure_logging

configure_logging()
logger = logging.getLogger(__name__)


def handler(event: dict[str, Any], context: Any) -> None:
    for message in rabbitmq_messages(event):
        body = message.json()
        if body.get("fails") and not message.redelivered:
            raise RuntimeError("as asked")
        logger.info("message_read", extra={"body": body, "redelivered": message.redelivered})
