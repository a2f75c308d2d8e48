"""Make the queues and bring the schema up to date, before any other function is changed.

CloudFormation calls it, and says which queues: Lambda reads none that is not there. However it
ends is told, with the reason; a deployment would wait for an answer to the end.
"""

import logging
from typing import Any

from migrations.upgrade import upgrade
from shared.infrastructure.broker import broker
from shared.infrastructure.custom_resource import asked_of, fail, succeed
from shared.infrastructure.events import Event
from shared.infrastructure.recording import recorded

logger = logging.getLogger(__name__)


@recorded
def handler(event: Event, context: Any) -> None:
    asked = asked_of(event)
    if asked.is_removal:  # tables and queues outlive the stack
        succeed(asked)
        return
    try:
        for queue in asked.properties.get("Queues", ()):
            broker().declare(queue)
        revision = upgrade()
    except Exception as error:
        logger.exception("stores_not_prepared")
        fail(asked, f"The stores were not made ready. {type(error).__name__}: {error}")
    else:
        succeed(asked, Revision=revision)
