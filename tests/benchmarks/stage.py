"""The real runner with real servers, each a process of its own, and posts that leave through it."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

import psycopg

from runner.services.memcached import memcached
from runner.services.postgres import embedded_postgres
from runner.services.rabbitmq import rabbitmq
from shared.infrastructure.broker import RabbitBroker
from shared.publishing.adapters.rabbitmq import VERSION, WAKE
from tests.benchmarks.arrivals import Network
from tests.benchmarks.population import ENCRYPTION_KEYS, plan_posts
from tests.running import Runner

CONTAINERS = 1
"""For each trigger, where nothing else is said: so calls under way can be counted."""

AS_IT_COMES = None
"""As many as whoever says nothing gets."""

CORES = 2
"""On which figures are told, so that many processes answer or publish where speed is measured."""

LEAD = timedelta(seconds=5)
"""For the preparation of posts that are due at once."""

_LEFT = "SELECT count(*), now() FROM schedules WHERE ripe_at IS NOT NULL"
_PUBLISHED = (
    "SELECT count(*) FROM schedules WHERE status = 'success' AND run_at BETWEEN %s AND now()"
)

_PATIENCE = 120.0
_COARSE, _FINE = 0.25, 0.005
"""Seconds between two looks at what is left, of all of it and of the last."""


@dataclass(frozen=True, kw_only=True)
class Servers:
    folder: Path
    database: str
    broker: str
    cache: str


@dataclass(frozen=True, kw_only=True)
class Stage(Servers):
    runner: Runner

    def plan(self, network: Network, *, posts: int) -> datetime:
        """So many posts that are due at once; a scanner is called, as the API would."""
        due = datetime.now(UTC) + LEAD
        network.clear()
        plan_posts(self.database, posts=posts, start=due)
        with closing(RabbitBroker(self.broker)) as broker:
            broker.send(WAKE, [{"version": VERSION}])
        if datetime.now(UTC) > due - timedelta(seconds=1):
            raise RuntimeError("preparing took too long; the figures would be wrong")
        return due

    def wait_for(self, posts: int, *, due: datetime) -> datetime:
        """Answers when the last of so many, due from then on, was recorded as published.

        The question costs the database a millisecond, so it is put the rarer the more is left.
        """
        give_up = time.monotonic() + _PATIENCE
        with psycopg.connect(self.database, autocommit=True) as connection:
            while True:
                left, at = _row(connection, _LEFT)
                if not left:
                    break
                if time.monotonic() > give_up:
                    raise RuntimeError(f"{left} of {posts} were not published")
                time.sleep(max(_FINE, _COARSE * left / posts))
            (published,) = _row(connection, _PUBLISHED, due)
        if published != posts:
            raise RuntimeError(f"only {published} of {posts} were published")
        moment: datetime = at
        return moment


def _row(connection: psycopg.Connection[Any], query: LiteralString, *values: object) -> Any:
    return connection.execute(query, values).fetchone()


@contextmanager
def temporary_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="luxaris-bench-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's user must be able to enter it
        yield Path(folder)


@contextmanager
def servers() -> Iterator[Servers]:
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder())
        yield Servers(
            folder=folder,
            database=stack.enter_context(embedded_postgres(folder)),
            broker=stack.enter_context(rabbitmq(folder)),
            cache=stack.enter_context(memcached(folder)),
        )


@contextmanager
def staged(
    started: Servers, processes: int = 1, containers: int | None = CONTAINERS, /, **settings: str
) -> Iterator[Stage]:
    """The runner on these servers, until the block ends; `settings` go before its usual ones."""
    environment = {
        "DATABASE_URL": started.database,
        "BROKER_URL": started.broker,
        "CACHE_URL": started.cache,
        "ENCRYPTION_KEYS": ENCRYPTION_KEYS,
        "SIMULATOR_URL": "http://127.0.0.1:9",  # nobody: the network here is a cheaper one
        "LOGGING_LEVEL": "WARNING",
        **settings,
    }
    limits = ["--processes", str(processes)]
    if containers is not None:
        limits += ["--concurrency", str(containers)]
    runner = Runner(started.folder, environment, *limits)
    runner.start()
    try:
        yield Stage(**vars(started), runner=runner)
    finally:
        runner.stop()


@contextmanager
def stage(
    processes: int = 1, containers: int | None = CONTAINERS, /, **settings: str
) -> Iterator[Stage]:
    with servers() as started, staged(started, processes, containers, **settings) as everything:
        yield everything
