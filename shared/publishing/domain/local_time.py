"""From what a person writes to an instant: a naive time belongs to a zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.kernel.errors import RuleViolation
from shared.kernel.timezones import zone

_DAY = 24 * 60
"""In minutes."""


def to_instant(written: datetime, timezone: str) -> datetime:
    """The instant in UTC; an offset in the text wins over the zone.

    In the hour that daylight saving skips, a time moves forward by the gap; in the hour that
    comes twice, the first one is meant. Both are what ``fold=0`` says (PEP 495).

    Raises:
        RuleViolation: an unknown zone, or an instant outside the calendar.
    """
    local_zone = zone(timezone)
    aware = written if written.tzinfo else written.replace(tzinfo=local_zone, fold=0)
    try:
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise RuleViolation(
            "SCHEDULE_TIME_TOO_FAR", "run_at is outside the calendar", field="run_at"
        ) from error


def shifted(instant: datetime, timezone: str, minutes: int) -> datetime:
    """The instant in UTC so much later, or earlier.

    Whole days go by the clock of the zone, so that nine stays nine when summer time begins between
    the two; what is left over goes by as it does for everybody.

    Raises:
        RuleViolation: as `to_instant`.
    """
    days, left = divmod(abs(minutes), _DAY)
    sign = 1 if minutes > 0 else -1
    if days:
        written = to_local(instant, timezone).replace(tzinfo=None) + sign * timedelta(days=days)
        instant = to_instant(written, timezone)
    return instant + sign * timedelta(minutes=left)


def to_local(instant: datetime, timezone: str) -> datetime:
    return instant.astimezone(ZoneInfo(timezone))
