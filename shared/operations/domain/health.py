"""Whether Luxaris works, judged by the services it stands on."""

from collections.abc import Mapping
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


def health(checks: Mapping[str, ServiceCheck]) -> Health:
    """The verdict over services by name."""
    down = {name for name, check in checks.items() if check is not ServiceCheck.OK}
    if not down:
        return Health.HEALTHY
    return Health.DEGRADED if len(down) == 1 and DATABASE not in down else Health.UNHEALTHY
