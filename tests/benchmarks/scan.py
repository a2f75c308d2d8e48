"""What claiming 500 due posts costs among ten thousand pending ones, and among five million.

What is due lies scattered over the table, as posts do that were scheduled days or weeks ahead. The
clock is moved on by hand, so each claim finds exactly its 500; the median of the claims counts.
"""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg

from migrations.upgrade import upgrade
from runner.services.postgres import embedded_postgres
from shared.infrastructure.database import engine
from shared.publishing.adapters.postgres import begin
from shared.publishing.application.queue_due import SHARE
from shared.publishing.domain.schedule import LEASE
from tests.benchmarks.figure import Figure
from tests.benchmarks.pending import fill_schedules
from tests.benchmarks.population import plan_posts, settle
from tests.benchmarks.stage import temporary_folder

FEW, MANY = 10_000, 5_000_000
BATCH = 500
CLAIMS = 9
WARM_UP = 2
GOAL = 1.3
NOW = datetime.now(UTC).replace(microsecond=0)


def measure() -> Iterator[Figure]:
    with _prepared() as url:
        few, many = (_seconds(url, pending) for pending in (FEW, MANY))
    yield Figure(
        name=f"claiming {BATCH} of {MANY} pending posts, beside claiming them of {FEW}",
        unit="ms",
        value=many * 1000,
        yardstick=few * 1000,
        goal=GOAL,
    )


@contextmanager
def _prepared() -> Iterator[str]:
    """The embedded database, in this process's settings, with posts for the schedules."""
    with temporary_folder() as folder, embedded_postgres(folder) as url:
        os.environ["DATABASE_URL"] = url
        engine.cache_clear()
        upgrade()
        settle(url, network="http://127.0.0.1:9", history=0)
        plan_posts(url, posts=FEW, start=NOW)
        yield url
        engine().dispose()
        engine.cache_clear()


def _seconds(url: str, pending: int) -> float:
    fill_schedules(url, pending=pending, due=CLAIMS * BATCH, at_once=BATCH, start=NOW)
    return statistics.median([_claim(url, number) for number in range(CLAIMS)][WARM_UP:])


def _claim(url: str, number: int) -> float:
    now = NOW + timedelta(seconds=number)
    start = time.perf_counter()
    with begin() as work:
        claimed = work.schedules.claim_due(now=now, lease=LEASE, limit=BATCH, share=SHARE)
    seconds = time.perf_counter() - start
    if len(claimed) != BATCH:
        raise RuntimeError(f"{len(claimed)} claimed instead of {BATCH}")
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE schedules SET status = 'success', lease_expires_at = NULL"
            " WHERE status = 'queued'"
        )
        connection.execute("DELETE FROM queued_claims")
    return seconds
