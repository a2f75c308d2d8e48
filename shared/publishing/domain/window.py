"""The stretch of time one run of the scanner answers for: the minute it is called in.

The timer ticks once a minute and may be late by some seconds, so a window reaches a little into
the next minute; two scanners at once do no harm.
"""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
OVERLAP = timedelta(seconds=5)


def end_of_window(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0) + MINUTE + OVERLAP
