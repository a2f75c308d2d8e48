"""Write the posts of bulk imports: a batch of the outbox's messages."""

from functools import partial
from typing import Any

from shared.content.adapters.import_bodies import ImportsSettings
from shared.content.adapters.import_messages import work_on
from shared.infrastructure.events import Event
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.operations.api.consuming import consume


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    return consume(event, partial(work_on, utc_now, ImportsSettings.read().chunk))
