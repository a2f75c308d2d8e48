"""Whether Luxaris works, judged by the services it stands on and by what its timers tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class ServiceCheck(StrEnum):
    OK = "ok"
    ERROR = "error"


class Health(StrEnum):
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    """Something is slower or later than it should be, and nothing is lost."""
    UNHEALTHY = "unhealthy"


DATABASE = "database"
"""Nothing goes without it; without one of the others, the rest goes on."""
SCANNER = "scanner"
"""No service but our own timer: what is down may be what keeps it from its work."""

FRESH_FOR = timedelta(minutes=3)
"""A timer of each minute may miss one, and one that has much to hand over may be late."""


@dataclass(frozen=True, kw_only=True)
class Tick:
    """When a timer last went off, and when the next thing was due then, perhaps long before."""

    ticked_at: datetime
    next_due_at: datetime | None = None
    queues: Sequence[str] = field(default=())

    def is_fresh(self, *, now: datetime) -> bool:
        is_in_time = self.next_due_at is None or self.ticked_at - self.next_due_at <= FRESH_FOR
        return is_in_time and now - self.ticked_at <= FRESH_FOR


def health(checks: Mapping[str, ServiceCheck]) -> Health:
    """The verdict over services by name."""
    down = {name for name, check in checks.items() if check is not ServiceCheck.OK}
    if not down:
        return Health.HEALTHY
    services = down - {SCANNER}
    return Health.DEGRADED if len(services) <= 1 and DATABASE not in down else Health.UNHEALTHY
