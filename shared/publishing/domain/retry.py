"""When to try again: a table, not a loop."""

from datetime import timedelta

DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=60),
)
ATTEMPTS = len(DELAYS) + 1


def delay_after(attempts_made: int, retry_after: timedelta | None = None) -> timedelta:
    """How long to wait after the given number of attempts; a network's longer wish wins."""
    own = DELAYS[min(attempts_made, len(DELAYS)) - 1]
    return max(own, retry_after or timedelta())
