"""How long a record is kept: the word decides into which partition it goes, and when that goes."""

from datetime import timedelta
from enum import StrEnum


class Kept(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    TWO_YEARS = "two_years"
    FOR_GOOD = "for_good"

    @property
    def period(self) -> timedelta | None:
        """At least so long, and a month more at most; None: until somebody decides otherwise."""
        return _PERIODS.get(self)


_PERIODS = {
    Kept.MONTH: timedelta(days=30),
    Kept.QUARTER: timedelta(days=90),
    Kept.HALF_YEAR: timedelta(days=180),
    Kept.YEAR: timedelta(days=365),
    Kept.TWO_YEARS: timedelta(days=730),
}
