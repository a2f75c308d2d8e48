"""Units of work whose mail leaves at once, for functions that have the broker."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.identity.adapters import postgres
from shared.identity.adapters.postgres import PostgresIdentity
from shared.operations.api.relay import wake_relay


@contextmanager
def begin() -> Iterator[PostgresIdentity]:
    """As `postgres.begin`; what it leaves in the outbox does not wait for the relay's timer."""
    with postgres.begin() as work:
        yield work
    if work.outbox.is_filled:
        wake_relay()
