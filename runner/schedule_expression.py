"""``rate(…)`` and ``cron(…)``, as EventBridge Scheduler writes them, for minutes of UTC.

Of cron everything is understood but ``L``, ``W`` and ``#``, which are refused by name. A rate is
counted from the epoch, so that two runners tick together.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from runner.refused import Refused

Matches = Callable[[datetime], bool]
"""Whether a timer ticks at the start of that minute."""

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}


def parse(expression: str) -> Matches:
    """Turn an expression into a question to ask of each minute.

    Raises:
        Refused: it is none, or uses what is not understood here.
    """
    if rate := re.fullmatch(r"rate\(\s*([1-9]\d*)\s+(minute|hour|day)s?\s*\)", expression):
        every = int(rate[1]) * _MINUTES[rate[2]]
        return lambda minute: int(minute.timestamp()) // 60 % every == 0
    cron = re.fullmatch(r"cron\((.*)\)", expression)
    fields = cron[1].split() if cron else []
    if len(fields) != 6:  # noqa: PLR2004 minutes hours day-of-month month day-of-week year
        raise Refused(
            f"{expression!r} is neither rate(n minutes|hours|days) nor a cron of 6 fields"
        )
    if (fields[2] == "?") == (fields[4] == "?"):
        raise Refused(f"{expression!r} must have ? as day of the month or as day of the week")
    allowed = [
        _values(field, low, high, names, expression)
        for field, (low, high, names) in zip(fields, _RANGES, strict=True)
    ]
    return lambda minute: all(
        value in values for value, values in zip(_parts(minute), allowed, strict=True)
    )


_RANGES: list[tuple[int, int, list[str]]] = [
    (0, 59, []),
    (0, 23, []),
    (1, 31, []),
    (1, 12, _MONTHS),
    (1, 7, _DAYS),
    (1970, 2199, []),
]


def _parts(minute: datetime) -> tuple[int, ...]:
    at = minute.astimezone(UTC)
    return at.minute, at.hour, at.day, at.month, at.isoweekday() % 7 + 1, at.year


def _values(field: str, low: int, high: int, names: list[str], expression: str) -> frozenset[int]:
    found: set[int] = set()
    for part in field.upper().split(","):
        match = re.fullmatch(r"(?:([*?])|(\w+)(?:-(\w+))?)(?:/([1-9]\d*))?", part)
        if match is None:
            raise Refused(f"{expression!r}: {part!r} is not understood")
        every, first, last, step = match.groups()
        start = low if every else _number(first, names, expression)
        end = high if every or (step and not last) else _number(last or first, names, expression)
        if not low <= start <= end <= high:
            raise Refused(f"{expression!r}: {part!r} is not within {low}-{high}")
        found.update(range(start, end + 1, int(step or 1)))
    return frozenset(found)


def _number(text: str, names: list[str], expression: str) -> int:
    if text in names:
        return names.index(text) + 1
    if not text.isdecimal():
        raise Refused(f"{expression!r}: {text!r} is not understood")
    return int(text)
