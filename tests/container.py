"""What a container keeps from its first call on: its connections to servers."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.infrastructure import broker
from shared.infrastructure.cache import cache
from shared.infrastructure.database import engine


@contextmanager
def of_its_own() -> Iterator[None]:
    """One that has just begun, and knows no server yet; afterwards, another."""
    _forget()
    try:
        yield
    finally:
        _forget()


def _forget() -> None:
    engine().dispose()
    engine.cache_clear()
    cache()._client.close()  # type: ignore[attr-defined]
    cache.cache_clear()
    broker.broker().close()  # type: ignore[attr-defined]
    broker._of_thread.__dict__.clear()
