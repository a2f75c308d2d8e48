"""How often the runner asks the database, for each post that it publishes.

All that goes over the wire between the due instant and the last record counts: scanner, publisher,
the pool's pings, the beginnings and ends of transactions.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from tests.benchmarks.arrivals import network
from tests.benchmarks.counting_wire import counting_wire
from tests.benchmarks.figure import Figure
from tests.benchmarks.population import settle
from tests.benchmarks.stage import servers, staged
from tests.benchmarks.throughput import IN_FLIGHT_EACH

POSTS = 2000
GOAL = 0.2
DELAYS = (0.05, 0.0)


def measure() -> Iterator[Figure]:
    with (
        servers() as there,
        counting_wire(there.folder, there.database) as (url, wire),
        staged(there, DATABASE_URL=url, PUBLISHING_IN_FLIGHT=str(IN_FLIGHT_EACH)) as everything,
    ):
        for delay in DELAYS:
            with network(there.folder, delay=delay) as answering:
                settle(there.database, network=answering.url)
                due = everything.plan(answering, posts=POSTS)
                time.sleep((due - datetime.now(UTC)).total_seconds())
                before = wire.round_trips
                everything.wait_for(POSTS, due=due)
                count = wire.round_trips - before
            yield Figure(
                name=f"database round trips per post, network at {delay * 1000:.0f} ms",
                unit="round trips",
                value=count / POSTS,
                yardstick=1.0,
                goal=GOAL,
            )
