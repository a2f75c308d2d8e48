"""How many posts a second each part of a deployment can take, by what was measured of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.publishing.adapters.rabbitmq import CLAIMS, DUE
from tests.scale.configured import memory_mb, overrides, stores
from tests.scale.measured import CORES_PER_ACU, KEPT_BUSY, cores, facts

ALONE = 0.3
"""The share of the shorter of computing and waiting that the longer does not cover; measured."""

PUBLISHERS = "publishers (one a queue)"
CONCURRENCY = "Lambda's concurrency"
SCANNER = "the scanner (one claim at a time)"
DATABASE = "the database's cores"
BROKER = "the broker"


def scanner_paces() -> Mapping[int, float]:
    """Claims a second, by the scanner's memory."""
    measured = facts()["scanner"]["claims_per_second"]
    return {int(megabytes): pace for megabytes, pace in measured.items()}


@dataclass(frozen=True, kw_only=True)
class System:
    """`cells` are whole deployments beside each other, each with stores and queues of its own, that
    share the account; `others` is the concurrency that functions need which publish nothing."""

    cells: int = 1
    queues: int = 4
    concurrency: int = 1000
    others: int = 200
    megabytes: int = 512
    scanner_megabytes: int = 512
    in_flight: int = 50
    capacity_units: float = 4
    delay: float = 0.2

    @property
    def publisher(self) -> float:
        """Posts a second of one container on full batches: some calls wait, others compute."""
        computing: float = facts()["cpu"]["publisher_seconds"] / cores(self.megabytes)
        waiting = self.delay / self.in_flight
        return 1 / (max(computing, waiting) + ALONE * min(computing, waiting))

    def paces(self) -> Mapping[str, float]:
        """Posts a second, by what bounds them."""
        cpu = facts()["cpu"]
        database_seconds = cpu["database_claim_seconds"] + cpu["database_publish_seconds"]
        database_cores = self.capacity_units * CORES_PER_ACU * KEPT_BUSY
        messages = facts()["broker"]["messages_per_second"]
        return {
            PUBLISHERS: self.cells * self.queues * self.publisher,
            CONCURRENCY: (self.concurrency - self.others) * self.publisher,
            SCANNER: self.cells * scanner_paces()[self.scanner_megabytes],
            DATABASE: self.cells * database_cores / database_seconds,
            BROKER: self.cells * messages * CLAIMS,
        }

    @property
    def slowest(self) -> str:
        paces = self.paces()
        return min(paces, key=lambda name: paces[name])

    @property
    def pace(self) -> float:
        return self.paces()[self.slowest]


def deployed(size: str) -> System:
    """One stack of a size of samconfig.toml; what it reserves for publishers helps no queue."""
    functions, chosen = overrides(size), stores(size)
    return System(
        in_flight=int(functions["PublishingInFlight"]),
        megabytes=memory_mb(),
        scanner_megabytes=memory_mb(),
        queues=len(DUE),
        capacity_units=float(chosen["DatabaseMost"]),
    )
