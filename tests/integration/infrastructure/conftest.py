"""Engines of a test's own: with other settings, and counted on the wire."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from shared.infrastructure.database import engine
from shared.infrastructure.pipelining import send_together
from tests.benchmarks.counting_wire import CountingWire, counting_wire


@pytest.fixture
def wired(tmp_path: Path, environment: dict[str, str]) -> Iterator[tuple[Engine, CountingWire]]:
    """An engine that sends statements together, and what it sends them over."""
    with counting_wire(tmp_path, environment["DATABASE_URL"]) as (url, wire):
        made = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        send_together(made)
        made.connect().close()
        yield made, wire
        made.dispose()


@pytest.fixture
def own_engine(environment: dict[str, str]) -> Iterator[None]:
    """One for the test, which has settings of its own."""
    _forget_engine()
    yield
    _forget_engine()


def _forget_engine() -> None:
    engine().dispose()
    engine.cache_clear()
