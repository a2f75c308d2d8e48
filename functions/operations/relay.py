"""Hand what waits in the outbox to its queues: called by the timer, and by whoever filled it.

Each time it also lets go of some of what is over.
"""

from typing import Any

from shared.infrastructure.broker import broker
from shared.infrastructure.events import Event
from shared.infrastructure.recording import recorded
from shared.kernel.clock import utc_now
from shared.operations.adapters.departures import begin
from shared.operations.adapters.queues import RabbitQueues
from shared.operations.application.forget_old import forget_old
from shared.operations.application.relay_due import relay_due


@recorded
def handler(event: Event, context: Any) -> dict[str, int]:
    sent = relay_due(begin, RabbitQueues(broker()), utc_now)
    return {"sent": sent, "let_go": forget_old(begin, utc_now)}
