"""Which part gives way first, and what to turn then, until a day is published as wanted."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.scale.flow import Drained, drained, least_pace
from tests.scale.system import CONCURRENCY, DATABASE, PUBLISHERS, SCANNER, System, scanner_paces

SHARE, SECONDS = 0.99, 60.0
"""What is wanted: so many of the posts no later than that."""
LARGEST_UNITS = 256
"""Capacity units that one Aurora instance can have. Source: AWS, `MaxCapacity`."""


@dataclass(frozen=True, kw_only=True)
class Step:
    system: System
    drained: Drained
    turned: str

    @property
    def gives_way(self) -> str:
        return self.system.slowest


def climb(due: Sequence[int], system: System) -> Iterator[Step]:
    """From a deployment as it is to one that is fast enough, a turn at a time."""
    wanted = least_pace(due, share=SHARE, seconds=SECONDS)
    turned = "as deployed"
    while True:
        yield Step(system=system, drained=drained(due, pace=system.pace), turned=turned)
        if system.pace >= wanted:
            return
        system, turned = _turn(system, wanted)


def _turn(system: System, wanted: float) -> tuple[System, str]:
    """The slowest part, made just fast enough."""
    slowest = system.slowest
    containers = math.ceil(wanted / system.publisher)
    if slowest == PUBLISHERS:
        queues = math.ceil(containers / system.cells)
        return replace(system, queues=queues), f"{queues:,} queues in each cell"
    if slowest == CONCURRENCY:
        concurrency = system.others + containers
        return replace(system, concurrency=concurrency), f"{concurrency:,} as Lambda's quota"
    largest = max(scanner_paces())
    if slowest == SCANNER and system.scanner_megabytes < largest:
        return replace(system, scanner_megabytes=largest), f"{largest:,} MB for the scanner"
    missing = wanted / system.pace
    units = math.ceil(system.capacity_units * missing)
    if slowest == DATABASE and system.capacity_units < LARGEST_UNITS:
        units = min(units, LARGEST_UNITS)
        return replace(system, capacity_units=units), f"{units} capacity units for each database"
    cells = math.ceil(system.cells * missing)
    queues = math.ceil(system.queues * system.cells / cells)
    return replace(system, cells=cells, queues=queues), f"{cells} cells"


def carries(system: System, due: Sequence[int]) -> float:
    """Posts a day of the same shape that leave as wanted, to one in a hundred.

    A fluid has no size: twice the posts at twice the pace are as late.
    """
    return sum(due) * system.pace / least_pace(due, share=SHARE, seconds=SECONDS)
