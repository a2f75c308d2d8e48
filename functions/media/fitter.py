"""Make files fit what networks take: a batch of the outbox's messages."""

from functools import partial
from typing import Any

from shared.infrastructure.events import Event
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.media.adapters.fit_messages import fit_for
from shared.media.adapters.settings import MediaSettings
from shared.operations.api.consuming import consume


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    return consume(event, partial(fit_for, utc_now, MediaSettings.read().pixels))
