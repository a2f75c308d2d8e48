"""Let go of files that nobody can want any more: called by the timer every few hours."""

from dataclasses import asdict
from typing import Any

from shared.infrastructure.events import Event
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.media.adapters.belongings import PostgresBelongings
from shared.media.adapters.files import StoredArea, StoredFiles
from shared.media.application.clean_up import clean_up

_ENDING = 30_000
"""Milliseconds that are left for what has been begun."""


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    def has_time() -> bool:
        return context is None or context.get_remaining_time_in_millis() > _ENDING

    cleaned = clean_up(
        PostgresBelongings(), StoredFiles(), StoredArea(), utc_now, has_time=has_time
    )
    return asdict(cleaned)
