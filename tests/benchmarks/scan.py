"""What claiming 500 due posts costs among ten thousand pending ones, and among five million.

What is due lies scattered over the table, as posts do that were scheduled days or weeks ahead. The
clock is moved on by hand, so each claim finds exactly its 500. Both tables are there at once, in
databases of one server, and take turns: what else the machine does meets both. The medians count.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from migrations.upgrade import upgrade
from runner.services.postgres import embedded_postgres
from shared.publishing.adapters.postgres import begin
from shared.publishing.application.queue_due import SHARE
from shared.publishing.domain.schedule import LEASE
from shared.publishing.domain.window import LEAD
from tests.benchmarks.figure import Figure
from tests.benchmarks.pending import fill_schedules
from tests.benchmarks.population import plan_posts, settle
from tests.benchmarks.stage import temporary_folder

FEW, MANY = 10_000, 5_000_000
BATCH = 500
CLAIMS = 9
WARM_UP = 2
GOAL = 1.3

Claim = Callable[[int], float]
"""Claim what is due at so many seconds; answers how long that took, in seconds."""


def measure() -> Iterator[Figure]:
    start = datetime.now(UTC).replace(microsecond=0)
    with (
        temporary_folder() as folder,
        embedded_postgres(folder) as server,
        _pending(server, MANY, start) as claim_of_many,
        _pending(server, FEW, start) as claim_of_few,
    ):
        took = [(claim_of_few(number), claim_of_many(number)) for number in range(CLAIMS)]
    few, many = (statistics.median(each) for each in zip(*took[WARM_UP:], strict=True))
    yield Figure(
        name=f"claiming {BATCH} of {MANY} pending posts, beside claiming them of {FEW}",
        unit="ms",
        value=many * 1000,
        yardstick=few * 1000,
        goal=GOAL,
    )


@contextmanager
def _pending(server: str, pending: int, start: datetime) -> Iterator[Claim]:
    """So many schedules in a database of their own, claimed by a process of its own."""
    name = f"of_{pending}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    os.environ["DATABASE_URL"] = url
    upgrade()
    settle(url, network="http://127.0.0.1:9", history=0)
    plan_posts(url, posts=FEW, start=start)
    fill_schedules(url, pending=pending, due=CLAIMS * BATCH, at_once=BATCH, start=start)
    with ProcessPoolExecutor(1, get_context("spawn")) as scanner:
        scanner.submit(_connect).result()

        def claim(number: int) -> float:
            seconds = scanner.submit(_claim, start + timedelta(seconds=number)).result()
            _publish(url)
            return seconds

        yield claim


def _connect() -> None:
    """While the environment still says which database is ours."""
    with begin() as work:
        work.schedules.next_look_at(now=datetime.now(UTC), lead=LEAD)


def _claim(now: datetime) -> float:
    start = time.perf_counter()
    with begin() as work:
        claimed = work.schedules.claim_due(now=now, lease=LEASE, limit=BATCH, share=SHARE)
    seconds = time.perf_counter() - start
    if len(claimed) != BATCH:
        raise RuntimeError(f"{len(claimed)} claimed instead of {BATCH}")
    return seconds


def _publish(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE schedules SET status = 'success', lease_expires_at = NULL"
            " WHERE status = 'queued'"
        )
        connection.execute("DELETE FROM queued_claims")
