"""When a rule fires on the clock of its zone, whatever daylight saving makes of it.

The days come from dateutil. Where nothing fires any more it goes on to the year 9999, which takes
it seconds; so it is asked about years shortly before, whose calendar is that of the years meant.
Steps within a day are our own arithmetic, for there it takes minutes.
"""

from calendar import isleap
from collections.abc import Iterator, Mapping
from datetime import MAXYEAR, datetime, timedelta
from functools import cache
from itertools import compress, product
from typing import Any, Literal

from dateutil import rrule

from shared.publishing.domain.recurrence_rule import (
    IN_A_MONTH,
    IN_A_YEAR,
    STEPS,
    Frequency,
    RecurrenceRule,
    counts_in_months,
)

LOOK_AHEAD = 10
"""Years within which a rule must fire, or it is said never to."""

_DAY = timedelta(days=1)
_PERIODS: Mapping[Frequency, Literal[0, 1, 2, 3]] = {
    Frequency.YEARLY: rrule.YEARLY,
    Frequency.MONTHLY: rrule.MONTHLY,
    Frequency.WEEKLY: rrule.WEEKLY,
}
_DAYS = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
_TIMES = {"BYHOUR", "BYMINUTE", "BYSECOND"}

Parts = dict[str, list[Any]]
"""The BY parts of a rule, in dateutil's words."""


def wall_clock(rule: RecurrenceRule, start: datetime, *, since: datetime) -> Iterator[datetime]:
    """The rule's naive local times from `start` on, in order, those before `since` left out.

    It ends with the rule's COUNT, or `LOOK_AHEAD` years after the later of the two.
    """
    last_year = max(start, since).year + LOOK_AHEAD
    begin = start if rule.count else max(start, since)
    find = _steps if rule.frequency in STEPS else _periods
    counted = 0
    for moment in find(rule, start, begin, last_year):
        if moment < start:
            continue
        counted += 1
        if moment >= since:
            yield moment
        if counted == rule.count:
            return


def _periods(
    rule: RecurrenceRule, start: datetime, begin: datetime, last_year: int
) -> Iterator[datetime]:
    """Of a rule that steps by days or longer; it may leave out what is before `begin`."""
    parts = _parts(rule)
    if "BYWEEKDAY" not in parts and not parts.keys() & (_DAYS - {"BYWEEKNO"}):
        _say_day_of(start, rule.frequency, parts)
    first = _first_period(rule, start, begin)
    return _dates(rule, parts, first, last_year, interval=rule.interval)


def _say_day_of(start: datetime, frequency: Frequency, parts: Parts) -> None:
    """Add what the start implies, for the search begins elsewhere."""
    if frequency is Frequency.WEEKLY or "BYWEEKNO" in parts:
        parts["BYWEEKDAY"] = [start.weekday()]
    elif frequency is not Frequency.DAILY:
        parts["BYMONTHDAY"] = [start.day]
        if frequency is Frequency.YEARLY:
            parts.setdefault("BYMONTH", [start.month])


def _first_period(rule: RecurrenceRule, start: datetime, begin: datetime) -> datetime:
    """Where the first period begins that counts, whole intervals after that of the start."""
    match rule.frequency:
        case Frequency.YEARLY:
            left_out = _whole(begin.year - start.year, rule.interval)
            return start.replace(year=start.year + left_out, month=1, day=1)
        case Frequency.MONTHLY:
            elapsed = (begin.year - start.year) * 12 + begin.month - start.month
            month = start.month - 1 + _whole(elapsed, rule.interval)
            return start.replace(year=start.year + month // 12, month=month % 12 + 1, day=1)
        case Frequency.WEEKLY:
            monday = start - _DAY * ((start.weekday() - rule.week_start) % 7)
            return monday + _DAY * 7 * _whole((begin - monday).days // 7, rule.interval)
        case _:
            return start + _DAY * _whole((begin - start).days, rule.interval)


def _whole(elapsed: int, interval: int) -> int:
    return elapsed // interval * interval


def _steps(
    rule: RecurrenceRule, start: datetime, begin: datetime, last_year: int
) -> Iterator[datetime]:
    """Of a rule that steps by hours, minutes or seconds."""
    unit = STEPS[rule.frequency]
    inside, wanted = _inside(rule, start), _wanted(rule, unit)
    origin = _since_the_year_one(start) // unit
    parts = {name: value for name, value in _parts(rule).items() if name not in _TIMES}
    midnight = begin.replace(hour=0, minute=0, second=0)
    for day in _dates(rule, parts, midnight, last_year, interval=1):
        first = (origin - _since_the_year_one(day) // unit) % rule.interval
        steps = range(first, len(wanted), rule.interval)
        for step in compress(steps, wanted[first :: rule.interval]):
            for within in inside:
                yield day + timedelta(seconds=step * unit + within)


def _inside(rule: RecurrenceRule, start: datetime) -> list[int]:
    """The seconds after the beginning of its hour, minute or second at which a step fires."""
    minutes = rule.numbers.get("BYMINUTE", (start.minute,))
    seconds = rule.numbers.get("BYSECOND", (start.second,))
    match rule.frequency:
        case Frequency.HOURLY:
            return [minute * 60 + second for minute in minutes for second in seconds]
        case Frequency.MINUTELY:
            return list(seconds)
        case _:
            return [0]


def _wanted(rule: RecurrenceRule, unit: int) -> bytes:
    """A day's steps, one each: whether it is among the hours, minutes and seconds wanted."""
    units = {"BYHOUR": (3600, 24), "BYMINUTE": (60, 60), "BYSECOND": (1, 60)}
    choices = [
        [value in rule.numbers.get(name, (value,)) for value in range(size)]
        for name, (length, size) in units.items()
        if length >= unit
    ]
    return bytes(all(step) for step in product(*choices))


def _since_the_year_one(moment: datetime) -> int:
    """In seconds."""
    return ((moment.toordinal() * 24 + moment.hour) * 60 + moment.minute) * 60 + moment.second


def _parts(rule: RecurrenceRule) -> Parts:
    parts: Parts = {name: list(numbers) for name, numbers in rule.numbers.items()}
    if rule.weekdays:
        parts["BYWEEKDAY"] = list(_weekdays(rule))
    return parts


def _weekdays(rule: RecurrenceRule) -> Iterator[rrule.weekday]:
    """Every Monday beside the first Friday: dateutil would take days that are both."""
    is_mixed = any(ordinal for ordinal, _ in rule.weekdays)
    most = IN_A_MONTH if counts_in_months(rule) else IN_A_YEAR
    for ordinal, day in rule.weekdays:
        if ordinal or not is_mixed:
            yield rrule.weekday(day, ordinal or None)
        else:
            yield from (rrule.weekday(day, each) for each in range(1, most + 1))


def _dates(
    rule: RecurrenceRule, parts: Parts, first: datetime, last_year: int, *, interval: int
) -> Iterator[datetime]:
    years = _years_to_late_twin(first.year, max(first.year, last_year))
    by: dict[str, Any] = {name.lower(): value for name, value in parts.items()}
    found = rrule.rrule(
        _PERIODS.get(rule.frequency, rrule.DAILY),
        dtstart=first.replace(year=first.year + years),
        interval=interval,
        wkst=rule.week_start,
        **by,
    )
    try:
        for late in found:
            moment = late.replace(year=late.year - years)
            if moment.year > last_year:
                return
            yield moment
    except (ValueError, OverflowError):
        return  # the week that goes on after the year 9999


@cache
def _years_to_late_twin(first: int, last: int) -> int:
    """How many years to add for the same calendar, shortly before the year 9999.

    Weeks reach into the year before and after, so these must be alike, too.
    """
    years = range(first - 1, last + 2)
    return next(
        ahead
        for ahead in range(MAXYEAR - years[-1], -1, -1)
        if _new_year(years[0]) == _new_year(years[0] + ahead)
        and all(isleap(year) == isleap(year + ahead) for year in years)
    )


def _new_year(year: int) -> int:
    """The weekday it is."""
    return datetime(year, 1, 1).weekday()  # noqa: DTZ001 a page of the calendar
