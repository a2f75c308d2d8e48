"""Keep for good who signed up: a batch of the outbox's messages."""

from functools import partial
from typing import Any

from shared.infrastructure.events import Event
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.operations.adapters.audit_logs import begin
from shared.operations.api.consuming import consume
from shared.operations.application.audit_sign_up import audit_sign_up


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    return consume(event, partial(audit_sign_up, begin, utc_now))
