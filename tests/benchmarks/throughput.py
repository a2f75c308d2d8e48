"""How many posts a second, from the due instant to the last recorded outcome.

Runner and yardsticks take turns on the same machine, with the same network and as many calls under
way; the median of the rounds counts. PostgreSQL, RabbitMQ, Redis and the network are processes of
their own, as on any day.
"""

import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.architecture.tree import ROOT
from tests.benchmarks.arrivals import Network, network
from tests.benchmarks.consumption import cpu_seconds
from tests.benchmarks.figure import Figure
from tests.benchmarks.population import NEVER, hand_to_somebody_else, plan_posts, settle
from tests.benchmarks.stage import CONTAINERS, CORES, Stage, stage
from tests.benchmarks.yardsticks.bullmq import BullMq, bullmq

POSTS = 5000
ROUNDS = 3
QUEUES = 4
IN_FLIGHT_EACH = 13
IN_FLIGHT = QUEUES * CONTAINERS * IN_FLIGHT_EACH
"""Calls under way at a time, the runner's, the bare loop's and BullMQ's alike."""

GOALS = {0.05: 0.9, 0.0: 0.25}
"""The share of the bare loop's posts per second that is promised, by the network's delay."""


@dataclass(frozen=True, kw_only=True)
class _Round:
    runner: float
    bare: float
    bullmq: float
    recorded: float
    runner_cpu: float
    bullmq_cpu: float
    lost: int
    twice: int


def measure() -> Iterator[Figure]:
    with (
        stage(CORES, PUBLISHING_IN_FLIGHT=str(IN_FLIGHT_EACH)) as everything,
        bullmq(everything.folder) as jobs,
    ):
        for delay, goal in GOALS.items():
            with network(everything.folder, delay=delay) as there:
                settle(everything.database, network=there.url)
                rounds = [_round(everything, there, jobs) for _ in range(ROUNDS)]
            yield from _figures(f"network at {delay * 1000:.0f} ms", rounds, goal)


def _round(everything: Stage, there: Network, jobs: BullMq) -> _Round:
    runner, runner_cpu = _runner(everything, there)
    arrived = there.receipts()
    bare = _bare_loop(there)
    unrecorded = jobs.throughput(there.url, posts=POSTS, in_flight=IN_FLIGHT)
    # In the same tables; the runner, idle, leaves alone what is not its own.
    plan_posts(everything.database, posts=POSTS, start=NEVER)
    hand_to_somebody_else(everything.database)
    recorded = jobs.throughput(
        there.url, posts=POSTS, in_flight=IN_FLIGHT, database=everything.database
    )
    return _Round(
        runner=runner,
        bare=bare,
        bullmq=unrecorded.posts_per_second,
        recorded=recorded.posts_per_second,
        runner_cpu=runner_cpu,
        bullmq_cpu=recorded.cpu_seconds,
        lost=POSTS - len(arrived),
        twice=sum(len(each) > 1 for each in arrived.values()),
    )


def _runner(everything: Stage, there: Network) -> tuple[float, float]:
    """Posts per second, and seconds of CPU for all of them."""
    due = everything.plan(there, posts=POSTS)
    before = cpu_seconds(everything.runner.pid)
    seconds = (everything.wait_for(POSTS, due=due) - due).total_seconds()
    return POSTS / seconds, cpu_seconds(everything.runner.pid) - before


def _bare_loop(there: Network) -> float:
    module = "tests.benchmarks.yardsticks.bare_loop"
    said = subprocess.run(
        [sys.executable, "-m", module, there.url, str(POSTS), str(IN_FLIGHT)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(said.stdout)


def _figures(where: str, rounds: Sequence[_Round], goal: float) -> Iterator[Figure]:
    def median(name: str) -> float:
        measured: list[float] = [getattr(each, name) for each in rounds]
        return statistics.median(measured)

    for name, yardstick, least in (
        (f"beside the bare loop, {IN_FLIGHT} calls in flight", "bare", goal),
        ("beside BullMQ with the same records", "recorded", 1.0),
        ("beside BullMQ without records", "bullmq", None),
    ):
        yield Figure(
            name=f"throughput, {where}, {name}",
            unit="posts/s",
            value=median("runner"),
            yardstick=median(yardstick),
            goal=least,
            bound="at least",
        )
    yield Figure(
        name=f"CPU per post, {where}, beside BullMQ's worker with the same records",
        unit="ms",
        value=median("runner_cpu") * 1000 / POSTS,
        yardstick=median("bullmq_cpu") * 1000 / POSTS,
    )
    for name, count in (("lost", "lost"), ("sent twice", "twice")):
        yield Figure(
            name=f"posts {name}, {where}, of {ROUNDS} rounds",
            unit="posts",
            value=sum(getattr(each, count) for each in rounds),
            yardstick=POSTS * ROUNDS,
            goal=0.0,
        )
