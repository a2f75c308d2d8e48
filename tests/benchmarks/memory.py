"""How much memory the whole runner holds: idle, and after ten thousand posts.

Resident, of the process and all its children, a page that several of them share counted once;
database, broker, cache and network are elsewhere.
"""

import time
from collections.abc import Iterator

from tests.benchmarks.arrivals import network
from tests.benchmarks.consumption import resident_bytes
from tests.benchmarks.figure import Figure
from tests.benchmarks.population import settle
from tests.benchmarks.stage import AS_IT_COMES, stage

POSTS = 10_000
PROMISE = 150.0
MEBIBYTE = 1024 * 1024
SETTLING = 3.0


def measure() -> Iterator[Figure]:
    with stage(1, AS_IT_COMES) as everything, network(everything.folder, delay=0.0) as there:
        time.sleep(SETTLING)
        yield _figure("idle", everything.runner.pid)
        settle(everything.database, network=there.url)
        due = everything.plan(there, posts=POSTS)
        everything.wait_for(POSTS, due=due)
        yield _figure(f"after {POSTS} posts", everything.runner.pid)


def _figure(when: str, pid: int) -> Figure:
    return Figure(
        name=f"memory of the runner, {when}",
        unit="MiB",
        value=resident_bytes(pid) / MEBIBYTE,
        yardstick=PROMISE,
        goal=1.0,
    )
