"""Which state of a schedule somebody has seen, so that nobody changes another unseen."""

from datetime import UTC, datetime, timedelta

from shared.kernel.errors import Conflict
from shared.publishing.domain.schedule import Schedule

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def version_of(updated_at: datetime) -> str:
    """A word that differs after each change, and means nothing else to anybody."""
    return f"{(updated_at - _EPOCH) // timedelta(microseconds=1):x}"


def demand_unchanged(schedule: Schedule, version: str | None) -> None:
    """Refuse what has changed since its version was seen; None: whatever it is.

    Raises:
        Conflict: `SCHEDULE_CHANGED`.
    """
    now = version_of(schedule.updated_at)
    if version is not None and version != now:
        raise Conflict(
            "SCHEDULE_CHANGED", "It has changed since you have seen it", meta={"version": now}
        )
