"""How late posts reach the network: 1,000 of them at random instants over a minute.

The minute lies across two ticks of the timer. Lateness is measured from the due instant to the
arrival of the call at the network; BullMQ's, for its delayed jobs, only to the start of the job.
"""

import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tests.benchmarks.arrivals import Network, network
from tests.benchmarks.figure import Figure
from tests.benchmarks.population import due_of, plan_posts, settle
from tests.benchmarks.stage import AS_IT_COMES, Stage, stage
from tests.benchmarks.yardsticks.bullmq import bullmq

POSTS = 1000
SPAN = timedelta(minutes=1)
PROMISES = {50: 0.030, 99: 0.100}
"""Seconds, by percentile."""

DELAY = 0.05
IN_FLIGHT = 50
"""Calls that BullMQ's worker may have under way; each of our publishers may have as many."""
PREPARING = timedelta(seconds=5)
AFTER_TICK = timedelta(seconds=15)


def measure() -> Iterator[Figure]:
    with stage(1, AS_IT_COMES) as everything, network(everything.folder, delay=DELAY) as there:
        due, arrivals = _publish(everything, there)
        with bullmq(everything.folder) as jobs:
            theirs = jobs.lateness(
                there.url, posts=POSTS, in_flight=IN_FLIGHT, span=SPAN.total_seconds()
            )
    ours = [
        arrived_at - due[key].timestamp()
        for key, instants in arrivals.items()
        for arrived_at in instants
    ]
    for percentile, promise in PROMISES.items():
        name, value = f"lateness, p{percentile}", _percentile(ours, percentile)
        yield Figure(name=name, unit="s", value=value, yardstick=promise, goal=1.0)
        yield Figure(
            name=f"{name}, beside BullMQ's delayed jobs",
            unit="s",
            value=value,
            yardstick=_percentile(theirs, percentile),
        )
    for name, count in (
        ("lost", len(due.keys() - arrivals.keys())),
        ("sent twice", sum(len(instants) > 1 for instants in arrivals.values())),
        ("sent early", sum(each < 0 for each in ours)),
    ):
        yield Figure(
            name=f"posts {name}, of {POSTS}", unit="posts", value=count, yardstick=POSTS, goal=0.0
        )


def _publish(
    everything: Stage, there: Network
) -> tuple[Mapping[str, datetime], Mapping[str, Sequence[float]]]:
    """When each post was due and when it arrived, by its key; nothing but the timer is used."""
    settle(everything.database, network=there.url)
    tick = (datetime.now(UTC) + PREPARING).replace(second=0, microsecond=0) + timedelta(minutes=1)
    start = tick + AFTER_TICK
    plan_posts(everything.database, posts=POSTS, start=start, span=SPAN)
    if datetime.now(UTC) > tick:
        raise RuntimeError("preparing took longer than the lead; the figures would be wrong")
    time.sleep((start + SPAN - datetime.now(UTC)).total_seconds())
    everything.wait_for(POSTS, due=start)
    return due_of(everything.database, since=start), there.receipts()


def _percentile(values: Sequence[float], percentile: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percentile - 1]
