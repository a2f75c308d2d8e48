"""Have what waits in the outbox leave now."""

from shared.infrastructure.bell import ring

WAKE = "operations.wake"


def wake_relay() -> None:
    """Call the relay, after the commit of what it is to find.

    Without it the timer's next call comes within a minute; so nothing is raised, and nobody waits,
    where the broker is away.
    """
    ring(WAKE)
