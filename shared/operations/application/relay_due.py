"""Hand what waits in the outbox to its queues."""

from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable
from shared.operations.application.ports import BeginRelay, Queues
from shared.operations.domain.outbox import SKEW

BATCH = 500


def relay_due(begin: BeginRelay, queues: Queues, clock: Clock) -> int:
    """Claim a set, commit, then send, until nothing is due; answers how many were sent.

    The table is the truth: what is lost between the commit and the queue is sent again when its
    backoff is over. While the broker is away nothing is claimed.

    Raises:
        Unavailable: the database or the broker is down; what was not sent waits.
    """
    sent = 0
    while _are_due(begin, clock):
        queues.connect()
        with begin() as departures:
            claimed = departures.claim(now=clock() + SKEW, limit=BATCH)
        waiting = dict(claimed)
        try:
            for queue, message_ids in claimed.items():
                queues.send(queue, message_ids)
                del waiting[queue]
                sent += len(message_ids)
        except Unavailable:
            with begin() as departures:
                for message_ids in waiting.values():
                    departures.release(message_ids, now=clock())
            raise
        if not claimed:  # others are at them, or all were given up
            break
    return sent


def _are_due(begin: BeginRelay, clock: Clock) -> bool:
    with begin() as departures:
        return departures.are_due(now=clock() + SKEW)
