"""A recurrence rule: RRULE of RFC 5545, section 3.3.10, without the parts no calendar needs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from shared.kernel.errors import RuleViolation

T = TypeVar("T")

RULE_LENGTH = 500
LARGEST = 10_000
"""The most that INTERVAL and COUNT may say; a post needs no more."""
SHORTEST_GAP = timedelta(minutes=15)
TIMES_A_DAY = timedelta(days=1) // SHORTEST_GAP

IN_A_MONTH, IN_A_YEAR = 5, 53
"""The most of one weekday."""

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_RANGES = {
    "BYSECOND": range(60),
    "BYMINUTE": range(60),
    "BYHOUR": range(24),
    "BYMONTH": range(1, 13),
    "BYMONTHDAY": range(1, 32),
    "BYYEARDAY": range(1, 367),
    "BYWEEKNO": range(1, 54),
    "BYSETPOS": range(1, 367),
}
_FROM_THE_END = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}
"""Parts whose numbers may be negative: -1 is the last."""

_WEEKDAY = re.compile(r"(?:([+-]?)(\d{1,2}))?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"([+-]?)(\d{1,5})", re.ASCII)
_UNTIL_WORDS = "UNTIL must look like 20271231, 20271231T090000 or 20271231T090000Z"
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?", re.ASCII)


class Frequency(StrEnum):
    YEARLY = "YEARLY"
    MONTHLY = "MONTHLY"
    WEEKLY = "WEEKLY"
    DAILY = "DAILY"
    HOURLY = "HOURLY"
    MINUTELY = "MINUTELY"
    SECONDLY = "SECONDLY"


STEPS = {Frequency.HOURLY: 3600, Frequency.MINUTELY: 60, Frequency.SECONDLY: 1}
"""The periods within a day, in seconds."""

_MUST_NOT: Mapping[str, set[Frequency]] = {
    "BYMONTHDAY": {Frequency.WEEKLY},
    "BYYEARDAY": {Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY},
    "BYWEEKNO": set(Frequency) - {Frequency.YEARLY},
    "BYSETPOS": set(STEPS),
}


@dataclass(frozen=True, kw_only=True)
class RecurrenceRule:
    """`until` is included: an instant where it is aware, else a time on the zone's clock.

    `numbers` has the BY parts given, each sorted; `weekdays` pairs an ordinal, 0 for every one,
    with a day, 0 for Monday; so has `week_start`.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    week_start: int = 0
    numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    weekdays: tuple[tuple[int, int], ...] = ()


def parse_rule(text: str) -> RecurrenceRule:
    """Read a rule.

    Raises:
        RuleViolation: `RECURRENCE_RULE_INVALID`, with the reason; `RECURRENCE_TOO_FREQUENT` for
            one whose parts alone come more often than `SHORTEST_GAP`.
    """
    if len(text) > RULE_LENGTH:
        raise invalid(f"A rule has at most {RULE_LENGTH} characters")
    parts = _split(text.strip().upper().removeprefix("RRULE:"))
    rule = RecurrenceRule(
        frequency=_frequency(parts.pop("FREQ", "")),
        interval=_positive(parts.pop("INTERVAL", "1"), "INTERVAL"),
        count=_given(parts.pop("COUNT", None), lambda value: _positive(value, "COUNT")),
        until=_given(parts.pop("UNTIL", None), _until),
        week_start=_week_start(parts.pop("WKST", WEEKDAYS[0])),
        weekdays=_given(parts.pop("BYDAY", None), _weekdays) or (),
        numbers={name: _numbers(name, value) for name, value in parts.items()},
    )
    _demand_sense(rule)
    _demand_calm(rule)
    return rule


def counts_in_months(rule: RecurrenceRule) -> bool:
    """Whether 1MO is the first Monday of a month, not of a year."""
    return rule.frequency is Frequency.MONTHLY or "BYMONTH" in rule.numbers


def invalid(reason: str) -> RuleViolation:
    return RuleViolation("RECURRENCE_RULE_INVALID", reason, field="rule")


def too_frequent(reason: str) -> RuleViolation:
    return RuleViolation("RECURRENCE_TOO_FREQUENT", reason, field="rule")


def _given(value: str | None, read: Callable[[str], T]) -> T | None:
    return None if value is None else read(value)


def _split(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    known = {*_RANGES, "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY"}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if name not in known or not value:
            raise invalid(f"Not a part of a recurrence rule: {part[:50]!r}")
        if name in parts:
            raise invalid(f"{name} is there twice")
        parts[name] = value
    return parts


def _frequency(value: str) -> Frequency:
    try:
        return Frequency(value)
    except ValueError as error:
        raise invalid(f"FREQ must be one of {', '.join(Frequency)}") from error


def _positive(value: str, name: str) -> int:
    found = _NUMBER.fullmatch(value)
    if found is None or found[1] or not 1 <= int(found[2]) <= LARGEST:
        raise invalid(f"{name} must be a number from 1 to {LARGEST}")
    return int(found[2])


def _until(value: str) -> datetime:
    found = _UNTIL.fullmatch(value)
    if found is None:
        raise invalid(_UNTIL_WORDS)
    day, clock, is_utc = found.groups()
    try:
        until = datetime.strptime(day + (clock or "235959"), "%Y%m%d%H%M%S")  # noqa: DTZ007 see class
    except ValueError as error:
        raise invalid(_UNTIL_WORDS) from error
    return until.replace(tzinfo=UTC) if is_utc else until


def _week_start(value: str) -> int:
    if value not in WEEKDAYS:
        raise invalid(f"WKST must be one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(value)


def _weekdays(value: str) -> tuple[tuple[int, int], ...]:
    found = set()
    for each in value.split(","):
        match = _WEEKDAY.fullmatch(each)
        ordinal = int(match[2] or 1) if match else 0
        if match is None or not 1 <= ordinal <= IN_A_YEAR:
            raise invalid(f"Not a weekday such as MO or -1FR: {each[:20]!r}")
        signed = 0 if match[2] is None else -ordinal if match[1] == "-" else ordinal
        found.add((signed, WEEKDAYS.index(match[3])))
    return tuple(sorted(found))


def _numbers(name: str, value: str) -> tuple[int, ...]:
    found = set()
    for each in value.split(","):
        match = _NUMBER.fullmatch(each)
        if match is None or int(match[2]) not in _RANGES[name]:
            low, high = _RANGES[name][0], _RANGES[name][-1]
            raise invalid(f"{name} takes numbers from {low} to {high}, not {each[:20]!r}")
        if match[1] == "-" and name not in _FROM_THE_END:
            raise invalid(f"{name} takes no negative numbers")
        found.add(-int(match[2]) if match[1] == "-" else int(match[2]))
    return tuple(sorted(found))


def _demand_sense(rule: RecurrenceRule) -> None:
    frequency = rule.frequency
    if rule.count is not None and rule.until is not None:
        raise invalid("COUNT and UNTIL exclude each other")
    for name, frequencies in _MUST_NOT.items():
        if name in rule.numbers and frequency in frequencies:
            raise invalid(f"{name} means nothing with FREQ={frequency}")
    if "BYSETPOS" in rule.numbers and len(rule.numbers) == 1 and not rule.weekdays:
        raise invalid("BYSETPOS chooses among what another BY part gives")
    if any(ordinal for ordinal, _ in rule.weekdays):
        if frequency not in {Frequency.MONTHLY, Frequency.YEARLY} or "BYWEEKNO" in rule.numbers:
            raise invalid("BYDAY takes numbers with FREQ=MONTHLY, or YEARLY without BYWEEKNO, only")
        if counts_in_months(rule) and any(
            abs(ordinal) > IN_A_MONTH for ordinal, _ in rule.weekdays
        ):
            raise invalid(f"A month has at most {IN_A_MONTH} of each weekday")


def _demand_calm(rule: RecurrenceRule) -> None:
    """Refuse what would be costly to look at, and comes too often whenever it comes."""
    minutes = SHORTEST_GAP // timedelta(minutes=1)
    if rule.frequency is Frequency.SECONDLY and rule.interval < STEPS[Frequency.MINUTELY]:
        raise too_frequent("Take steps of 60 seconds at least, or FREQ=DAILY with BYHOUR")
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(rule.numbers.get(name, [0]))
    if rule.frequency not in STEPS and times > TIMES_A_DAY:
        raise too_frequent(f"{times} times a day; every {minutes} minutes is {TIMES_A_DAY}")
