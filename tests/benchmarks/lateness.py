"""How late posts reach the network: 200 of them at random instants over two minutes.

The runner, the networks' imitation, PostgreSQL, RabbitMQ and Memcached are processes of their own.
Lateness is measured from the due instant to the arrival of the call at the network.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from runner.services.memcached import memcached
from runner.services.postgres import embedded_postgres
from runner.services.rabbitmq import rabbitmq
from runner.simulator import simulator
from tests.accounts import register
from tests.author import Author
from tests.benchmarks.figure import Figure
from tests.running import Runner
from tests.simulator.client import Simulator

POSTS = 200
SECONDS = 120.0
LEAD = timedelta(seconds=25)
SEED = 20261120
NETWORKS = ("mastodon", "bluesky")


def measure() -> Iterator[Figure]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="luxaris-bench-")))
        folder.chmod(0o755)
        url = stack.enter_context(simulator(folder))
        environment = {
            "DATABASE_URL": stack.enter_context(embedded_postgres(folder)),
            "BROKER_URL": stack.enter_context(rabbitmq(folder)),
            "CACHE_URL": stack.enter_context(memcached(folder)),
            "SIMULATOR_URL": url,
        }
        runner = Runner(folder, environment)
        runner.start()
        stack.callback(runner.stop)
        due = _schedule(Author.of(register(runner.api)))
        _wait(max(due.values()) + timedelta(seconds=5))
        yield from _figures(Simulator(url), due)


def _schedule(author: Author) -> dict[str, datetime]:
    """Post texts and when they are due."""
    chance = random.Random(SEED)
    connections = {network: author.connect(network) for network in NETWORKS}
    start = datetime.now(UTC) + LEAD
    due = {}
    for number in range(POSTS):
        network = NETWORKS[number % len(NETWORKS)]
        content = f"Benchmark post {number}"
        run_at = start + timedelta(seconds=chance.uniform(0, SECONDS))
        _, variant = author.write(content, network)
        author.schedule(variant, connections[network], run_at=run_at.isoformat())
        due[content] = run_at
    if datetime.now(UTC) > start:
        raise RuntimeError("scheduling took longer than the lead; the figures would be wrong")
    return due


def _wait(until: datetime) -> None:
    time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()))


def _figures(simulator: Simulator, due: dict[str, datetime]) -> Iterator[Figure]:
    receipts = simulator.receipts()
    arrived = [receipt["text"] for receipt in receipts]
    lateness = sorted(
        receipt["received_at"] - due[receipt["text"]].timestamp() for receipt in receipts
    )
    early = sum(each < 0 for each in lateness)
    lost = len(set(due) - set(arrived))
    twice = len(arrived) - len(set(arrived))
    percentiles = statistics.quantiles(lateness, n=100, method="inclusive")
    for name, value, limit in (
        ("lateness, p50", percentiles[49], 0.15),
        ("lateness, p99", percentiles[98], 1.0),
    ):
        yield Figure(name=name, unit="s", value=value, yardstick=limit, goal=1.0)
    for name, count in (("lost", lost), ("sent twice", twice), ("sent early", early)):
        yield Figure(
            name=f"posts {name}, of {POSTS}", unit="posts", value=count, yardstick=POSTS, goal=0.0
        )
