"""The stretch of time one run of the scanner answers for: the minute it is called in.

The timer ticks once a minute and may be late by some seconds, so a window reaches a little into
the next minute; two scanners at once do no harm.
"""

from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
OVERLAP = timedelta(seconds=5)
LEAD = timedelta(milliseconds=500)
"""How long before its instant a schedule is claimed: what remains to be done at it is the call."""
SLACK = timedelta(seconds=1)
"""Between two clocks, and between a look at one and what follows from it."""


def end_of_window(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0) + MINUTE + OVERLAP


def falls_into_window(moment: datetime, *, now: datetime) -> bool:
    """Whether the scanner of this minute, which may have ended by now, answers for a moment."""
    return moment < end_of_window(now + SLACK)
