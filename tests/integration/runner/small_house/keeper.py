"""Logs what is stored below `small/`."""

import logging
from typing import Any

from shared.infrastructure.events import stored_objects
from shared.infrastructure.logging import configure_logging

configure_logging()
logger = logging.getLogger(__name__)


def handler(event: dict[str, Any], context: Any) -> None:
    for stored in stored_objects(event):
        logger.info("object_stored", extra={"key": stored.key, "size": stored.size})
