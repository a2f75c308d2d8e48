"""Publish a batch of claims from the queue.

RabbitMQ's trigger repeats a whole batch or none of it, so every expected ending is recorded and
only a failure of the infrastructure raises.
"""

from typing import Any

from shared.infrastructure.broker import broker
from shared.infrastructure.events import Event, rabbitmq_messages
from shared.infrastructure.garbage import rarely_collected
from shared.infrastructure.poison import bury
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.publishing.adapters.networks import ChannelsNetworks, begin_delivering
from shared.publishing.adapters.rabbitmq import read_claims, wake_scanner
from shared.publishing.adapters.settings import PublishingSettings
from shared.publishing.application.publish_due import publish_due


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    claims, poison = read_claims(rabbitmq_messages(event))
    if poison:
        bury(broker(), poison)
    settings = PublishingSettings.read()
    with rarely_collected():
        attempts = publish_due(
            begin_delivering,
            ChannelsNetworks(),
            utc_now,
            wake_scanner,
            claims=claims,
            lease=settings.lease,
            in_flight=settings.in_flight,
        )
    return {"attempts": attempts}
