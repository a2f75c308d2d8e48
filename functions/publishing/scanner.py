"""Hand over what is due: called by the timer each minute, and by whoever cannot wait for it."""

import time
from typing import Any

from shared.infrastructure.broker import broker
from shared.infrastructure.events import Event, scheduled_at
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.publishing.adapters.postgres import begin
from shared.publishing.adapters.rabbitmq import RabbitDueQueue
from shared.publishing.adapters.settings import PublishingSettings
from shared.publishing.application.watch_window import watch_window


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    queue = RabbitDueQueue(broker())
    lease = PublishingSettings.read().lease
    called_at = scheduled_at(event) or utc_now()
    claimed = watch_window(begin, queue, utc_now, time.sleep, called_at=called_at, lease=lease)
    return {"claimed": claimed}
