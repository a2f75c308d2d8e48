"""Be the function behind a queue that the outbox fills."""

from collections import Counter
from dataclasses import asdict

from shared.infrastructure.broker import broker
from shared.infrastructure.events import Event, rabbitmq_messages
from shared.infrastructure.logging import going_back_to
from shared.infrastructure.poison import bury
from shared.kernel.clock import utc_now
from shared.operations.adapters.arrivals import begin
from shared.operations.adapters.queues import read_ids
from shared.operations.api.relay import wake_relay
from shared.operations.application.work_off import Do, work_off
from shared.operations.domain.outbox import Done, Ending, GiveUp, OutboxMessage, TryAgain

__all__ = ["Done", "Ending", "GiveUp", "OutboxMessage", "TryAgain", "consume"]


def consume(event: Event, do: Do) -> dict[str, int]:
    """Do what each message of the batch asks for, once as far as the world allows.

    `do` answers `Done`, `TryAgain` or `GiveUp`; what it raises is tried again, too. A message that
    nobody can read goes to the dead-letter queue, and the rest of its batch is done.

    Answers how many ended how.

    Raises:
        Unavailable: the database or the broker is down; then the whole batch comes again.
    """

    def within_its_request(message: OutboxMessage) -> Ending:
        with going_back_to(message.request_id):
            return do(message)

    by_queue, poison = read_ids(rabbitmq_messages(event))
    if poison:
        bury(broker(), poison)
    counted: Counter[str] = Counter()
    for queue, message_ids in by_queue.items():
        counted.update(
            asdict(
                work_off(begin, utc_now, within_its_request, queue=queue, message_ids=message_ids)
            )
        )
    if counted["put_back"]:
        wake_relay()
    return dict(counted)
