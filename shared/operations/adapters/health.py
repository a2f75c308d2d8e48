"""Ask each service for something small, and tell which of them answered."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shared.infrastructure.broker import broker
from shared.infrastructure.cache import cache
from shared.infrastructure.database import transaction
from shared.infrastructure.storage import storage
from shared.kernel.errors import Unavailable
from shared.operations.adapters.tick_tables import ticks
from shared.operations.domain.health import DATABASE, SCANNER, ServiceCheck, Tick


@dataclass(frozen=True, kw_only=True)
class Findings:
    """`scanner`: its last word, if it ever had one. `queued`: what waits for the publisher."""

    checks: Mapping[str, ServiceCheck]
    scanner: Tick | None
    queued: int | None


def findings(*, now: datetime) -> Findings:
    """One that hangs counts as down after some seconds.

    A scanner that never went off is not late: nobody may have started it yet. Where the database
    is down nobody knows.
    """
    is_there, scanner = _database()
    queued = _queued(scanner)
    well = {
        DATABASE: is_there,
        "cache": cache().hit("operations:health", seconds=60) is not None,
        "queue": queued is not None,
        "storage": _stores(),
        SCANNER: is_there and (scanner is None or scanner.is_fresh(now=now)),
    }
    return Findings(
        checks={
            name: ServiceCheck.OK if is_well else ServiceCheck.ERROR
            for name, is_well in well.items()
        },
        scanner=scanner,
        queued=queued if scanner else None,
    )


def _database() -> tuple[bool, Tick | None]:
    asked = select(ticks.c.ticked_at, ticks.c.next_due_at, ticks.c.queues)
    with suppress(Unavailable), transaction() as session:
        found = session.execute(asked.where(ticks.c.timer == SCANNER)).one_or_none()
        return True, Tick(**found._mapping) if found else None  # noqa: SLF001 its public name
    return False, None


def _stores() -> bool:
    with suppress(Unavailable):
        storage().connect()
        return True
    return False


def _queued(scanner: Tick | None) -> int | None:
    """Nothing where the broker is down."""
    with suppress(Unavailable):
        broker().connect()
        return sum(broker().waiting(queue) for queue in (scanner.queues if scanner else ()))
    return None
