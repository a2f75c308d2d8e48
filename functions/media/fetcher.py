"""Fetch files that somebody wants from elsewhere: a batch of the outbox's messages."""

from functools import partial
from typing import Any

from shared.infrastructure.events import Event
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.media.adapters.fetch_messages import fetch_for
from shared.media.adapters.settings import MediaSettings
from shared.operations.api.consuming import consume


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    return consume(event, partial(fetch_for, utc_now, MediaSettings.read().limits))
