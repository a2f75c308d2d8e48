"""Publish a batch of claims from the queue.

RabbitMQ's trigger repeats a whole batch or none of it, so every expected ending is recorded and
only a failure of the infrastructure raises.
"""

from typing import Any

from shared.infrastructure.broker import broker
from shared.infrastructure.events import Event, rabbitmq_messages
from shared.infrastructure.logging import configure_logging
from shared.kernel.clock import utc_now
from shared.publishing.adapters.networks import ChannelsNetworks, begin_delivering
from shared.publishing.adapters.rabbitmq import bury, read_claims
from shared.publishing.adapters.settings import PublishingSettings
from shared.publishing.application.publish_due import publish_due

configure_logging()


def handler(event: Event, context: Any) -> dict[str, int]:
    claims, poison = read_claims(rabbitmq_messages(event))
    if poison:
        bury(broker(), poison)
    lease = PublishingSettings.read().lease
    attempts = publish_due(
        begin_delivering, ChannelsNetworks(), utc_now, claims=claims, lease=lease
    )
    return {"attempts": attempts}
