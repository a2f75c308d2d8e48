"""Let go of messages that nobody will ask for any more."""

from shared.kernel.clock import Clock
from shared.operations.application.ports import BeginRelay
from shared.operations.domain.outbox import DONE_KEPT, FAILED_KEPT

BATCH = 100
BATCHES = 10
"""As many in one go at most: whoever calls has something else to do."""


def forget_old(begin: BeginRelay, clock: Clock) -> int:
    """Delete what was done a week ago, empty what was given up a month ago; answers how many.

    What was given up stays as a row, with its reason, for whoever wonders. A set at a time, each in
    its own short transaction, and around what somebody else holds.

    Raises:
        Unavailable: the database is down.
    """
    let_go = 0
    for _ in range(BATCHES):
        now = clock()
        with begin() as departures:
            done = departures.forget_done(before=now - DONE_KEPT, limit=BATCH)
            failed = departures.empty_failed(before=now - FAILED_KEPT, limit=BATCH)
        let_go += done + failed
        if max(done, failed) < BATCH:
            break
    return let_go
