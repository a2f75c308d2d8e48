"""Published posts per GB-second of Lambda, and what ticks and requests take of it.

A container has the share of a core that Lambda gives for its memory; a GB-second is a second of
wall time by the memory in GB (1024 MiB), as it is billed. Each measurement is a process of its own.
"""

from collections.abc import Iterator
from typing import Any

from tests.benchmarks.arrivals import network
from tests.benchmarks.core_share import of_memory
from tests.benchmarks.figure import Figure
from tests.benchmarks.in_process import told_by
from tests.benchmarks.one_container import BATCH
from tests.benchmarks.population import ENCRYPTION_KEYS, settle
from tests.benchmarks.stage import Servers, servers

MODULE = "tests.benchmarks.one_container"
TEMPLATE_MIB = 512
SIZES = (TEMPLATE_MIB, 1024, 1769)
DELAYS = (0.0, 0.05, 0.2)
SETTINGS = {
    "ENCRYPTION_KEYS": ENCRYPTION_KEYS,
    "HTTP_CLIENT_ALLOW_PRIVATE": "true",
    "LIMITS_CALLERS_PER_MINUTE": "0",
    "LIMITS_ADDRESSES_PER_MINUTE": "0",
}
_GIBIBYTE = 1024


def measure() -> Iterator[Figure]:
    with servers() as there:
        for what, name in (("idle", "tick with nothing to do"), ("api", "request")):
            told = told_by(MODULE, there, what, str(TEMPLATE_MIB), **SETTINGS)
            yield from _waiting(name, told)
        for delay in DELAYS:
            with network(there.folder, delay=delay) as reached:
                settle(there.database, network=reached.url)
                for mebibytes in SIZES:
                    told = told_by(MODULE, there, "publisher", str(mebibytes), **SETTINGS)
                    yield from _published(there, told, delay, mebibytes)


def _waiting(what: str, told: dict[str, dict[str, float]]) -> Iterator[Figure]:
    """Wall time on the template's memory, beside the CPU in it."""
    for name, spent in told.items():
        yield Figure(
            name=f"{what}, {name}, warm, {TEMPLATE_MIB} MB, beside the CPU it takes",
            unit="ms",
            value=spent["wall"] * 1e3,
            yardstick=spent["cpu"] * 1e3,
        )
        yield Figure(
            name=f"PostgreSQL's CPU for a {what}, {name}, beside the function's",
            unit="ms",
            value=spent["database"] * 1e3,
            yardstick=spent["cpu"] * 1e3,
        )


def _published(
    there: Servers, told: dict[str, Any], delay: float, mebibytes: int
) -> Iterator[Figure]:
    if not told["claimed"] == told["published"] == BATCH:
        raise RuntimeError(f"{told['published']} of {BATCH} were published")
    where = f"network at {delay * 1e3:.0f} ms, {mebibytes} MB"
    gigabytes = mebibytes / _GIBIBYTE
    full, alone, claiming = told["full"], told["alone"], told["claiming"]
    yield Figure(
        name=f"published posts per GB-second, {where}, full batches, beside one at a time",
        unit="posts/GB-s",
        value=BATCH / full["wall"] / gigabytes,
        yardstick=1 / alone["wall"] / gigabytes,
    )
    yield Figure(
        name=f"publisher's posts per second, {where}, beside what its CPU would allow",
        unit="posts/s",
        value=BATCH / full["wall"],
        yardstick=BATCH / full["cpu"] * of_memory(mebibytes),
    )
    yield Figure(
        name=f"CPU of a published post, {where}, beside PostgreSQL's",
        unit="ms",
        value=full["cpu"] / BATCH * 1e3,
        yardstick=full["database"] / BATCH * 1e3,
    )
    yield Figure(
        name=f"scanner's claims per second, {where}, beside what PostgreSQL's CPU would allow",
        unit="posts/s",
        value=BATCH / claiming["wall"],
        yardstick=BATCH / max(claiming["database"], 1e-9),
    )
