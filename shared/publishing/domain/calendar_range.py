"""What a calendar shows at once: the time between two days, or two moments."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from shared.kernel.errors import RuleViolation
from shared.kernel.timezones import zone

LONGEST = timedelta(days=92)
"""A quarter of a year, by the clock on the wall."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class CalendarRange:
    """Two instants in UTC; what is at `end` is no longer in it."""

    start: datetime
    end: datetime

    @classmethod
    def between(cls, start: date, end: date, *, timezone: str) -> Self:
        """From the first until the second, on the clock of the zone where they name no other.

        A day without a time is the whole of it: from its beginning, until its end.

        Raises:
            RuleViolation: `INVALID_TIMEZONE`; `INVALID_DATE_RANGE`, nothing lies between them;
                `DATE_RANGE_TOO_LONG`; `VALIDATION_ERROR`, the end of time.
        """
        there = zone(timezone)
        try:
            until = end if isinstance(end, datetime) else end + _DAY
            found = cls(start=_instant(start, there), end=_instant(until, there))
            span = _on_the_wall(found.end, there) - _on_the_wall(found.start, there)
        except OverflowError as error:
            raise RuleViolation(
                "VALIDATION_ERROR", "This is outside the calendar", field="from_date"
            ) from error
        if found.end <= found.start:
            raise RuleViolation(
                "INVALID_DATE_RANGE", "to_date must be after from_date", field="to_date"
            )
        if span > LONGEST:
            raise RuleViolation(
                "DATE_RANGE_TOO_LONG",
                f"At most {LONGEST.days} days are shown at once",
                field="to_date",
                meta={"max_days": LONGEST.days},
            )
        return found


def _instant(moment: date, there: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    aware = moment if moment.tzinfo else moment.replace(tzinfo=there)
    return aware.astimezone(UTC)


def _on_the_wall(instant: datetime, there: ZoneInfo) -> datetime:
    return instant.astimezone(there).replace(tzinfo=None)
