"""Hand over each schedule shortly before its instant, through one window of the clock."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable
from shared.publishing.application.ports import Begin, DueQueue
from shared.publishing.application.queue_due import BATCH, queue_due
from shared.publishing.domain.window import LEAD, end_of_window

logger = logging.getLogger(__name__)

LOOK_AGAIN = timedelta(milliseconds=200)
"""The longest sleep: what is created or moved inside the window is seen within this time."""

BUSY_PAUSE = timedelta(milliseconds=100)
"""Where what is due is held by somebody, or its organization has its share in the queues."""

OUTAGE_PAUSE = timedelta(seconds=1)

Sleep = Callable[[float], None]


def watch_window(
    begin: Begin,
    queue: DueQueue,
    clock: Clock,
    sleep: Sleep,
    *,
    called_at: datetime,
    lease: timedelta,
) -> int:
    """Queue each schedule `LEAD` before it is due; ends once nothing is left in the window.

    The window is the minute of `called_at`, or of the clock where that is ahead.

    Answers how many were claimed. With nothing due, it costs one query. What it has slept until,
    and what follows a full batch, is claimed without asking whether it is there. While the database
    or the broker is down it goes on trying until the window ends.

    Raises:
        Unavailable: one of them still was down at the end.
    """
    end, claimed = end_of_window(max(called_at, clock())), 0
    is_due = False
    while True:
        try:
            look_at = clock() if is_due else _next_look_at(begin, clock())
            now = clock()
            if look_at is None or look_at >= end or now >= end:
                return claimed
            found = queue_due(begin, queue, clock, lease=lease) if look_at <= now else 0
            claimed += found
            if found or is_due:
                is_due = found == BATCH
            else:
                wait = look_at - now if look_at > now else BUSY_PAUSE
                sleep(min(wait, LOOK_AGAIN).total_seconds())
                is_due = look_at > now and wait <= LOOK_AGAIN
        except Unavailable as outage:
            if clock() + OUTAGE_PAUSE >= end:
                raise
            logger.warning("scanner_waiting", extra={"reason": outage.code})
            sleep(OUTAGE_PAUSE.total_seconds())


def _next_look_at(begin: Begin, now: datetime) -> datetime | None:
    with begin() as work:
        return work.schedules.next_look_at(now=now, lead=LEAD)
