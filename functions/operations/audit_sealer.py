"""Chain what has come to the audit log: called by the timer."""

from typing import Any

from shared.infrastructure.events import Event
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.operations.adapters.audit_chain import begin
from shared.operations.application.seal_audit import seal_audit


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    return {"sealed": seal_audit(begin, utc_now)}
