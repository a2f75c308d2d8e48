"""When to try again: a table, not a loop."""

from datetime import timedelta

DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=60),
)
ATTEMPTS = len(DELAYS) + 1
LONGEST_WISH = timedelta(hours=24)
"""A network that wishes for more is asked again after this; a post must not wait for years."""


def delay_after(attempts_made: int, retry_after: timedelta | None = None) -> timedelta:
    """How long to wait after so many attempts; a network's longer wish wins, within reason."""
    own = DELAYS[min(attempts_made, len(DELAYS)) - 1]
    return max(own, min(retry_after or timedelta(), LONGEST_WISH))
