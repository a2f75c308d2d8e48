"""Let go of journeys that nobody will end, and of what networks gave on them."""

from shared.channels.application.ports import Begin
from shared.kernel.clock import Clock


def forget_journeys(begin: Begin, clock: Clock) -> int:
    """One short statement; answers how many.

    Raises:
        Unavailable: the database is down.
    """
    with begin() as work:
        return work.journeys.forget_expired(clock())
