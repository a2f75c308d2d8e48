"""The library's counters on PostgreSQL."""

import time
from functools import partial

import pytest
from sqlalchemy import text

from tests.simultaneously import simultaneously


def _shift(seconds: int) -> None:
    from shared.infrastructure.database import engine

    with engine().begin() as connection:
        connection.execute(
            text("UPDATE limit_counters SET expires_at = expires_at - :by * interval '1 second'"),
            {"by": seconds},
        )


def test_a_window_counts_until_it_has_passed(database: None) -> None:
    from shared.identity.adapters.limit_counters import PostgresCounters

    counters = PostgresCounters()
    assert [counters.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    assert counters.get("a") == 3
    assert counters.get("b") == 0
    assert counters.get_expiry("a") == pytest.approx(time.time() + 60, abs=5)
    _shift(61)
    assert counters.get("a") == 0
    assert counters.incr("a", 60) == 1


def test_a_count_does_not_prolong_its_window(database: None) -> None:
    from shared.identity.adapters.limit_counters import PostgresCounters

    counters = PostgresCounters()
    counters.incr("a", 60)
    _shift(30)
    counters.incr("a", 60)
    assert counters.get_expiry("a") == pytest.approx(time.time() + 30, abs=5)


def test_cleared_counters_begin_anew(database: None) -> None:
    from shared.identity.adapters.limit_counters import PostgresCounters

    counters = PostgresCounters()
    counters.incr("a", 60)
    counters.incr("b", 60)
    counters.clear("a")
    assert (counters.get("a"), counters.get("b")) == (0, 1)
    assert counters.reset() == 1
    assert counters.get("b") == 0


def test_windows_that_have_passed_are_swept_away(database: None) -> None:
    from shared.identity.adapters.limit_counters import PostgresCounters

    counters = PostgresCounters()
    for number in range(20):
        counters.incr(f"guess {number}", 60)
    _shift(61)
    counters.incr("a", 60)
    assert counters.reset() == 1


def test_simultaneous_counts_are_all_counted(database: None) -> None:
    from shared.identity.adapters.limit_counters import PostgresCounters

    counters = PostgresCounters()
    counts = simultaneously([partial(counters.incr, "a", 60)] * 8)
    assert sorted(counts) == list(range(1, 9))
