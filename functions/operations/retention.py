"""Make room for the records to come, and let go of those that are old: called by the timer."""

from typing import Any

from shared.infrastructure.events import Event
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.operations.adapters.retention import keep_records


@recorded
def handler(event: Event, context: Any) -> dict[str, Any]:
    return {"dropped": keep_records(now=utc_now())}
