"""When a series fires: its rule on the clock of a zone, as instants."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import islice, pairwise, takewhile

from shared.kernel.errors import RuleViolation
from shared.kernel.timezones import zone
from shared.publishing.domain.local_time import to_instant
from shared.publishing.domain.recurrence_rule import (
    SHORTEST_GAP,
    RecurrenceRule,
    parse_rule,
    too_frequent,
)
from shared.publishing.domain.wall_clock import LOOK_AHEAD, wall_clock

LOOKED_AT = 1_000
"""How many moments are looked at for two that are too close."""

_DAY = timedelta(days=1)
_YEAR = timedelta(days=366)


def occurrences(
    rule: RecurrenceRule, *, starts_at: datetime, timezone: str, after: datetime
) -> Iterator[datetime]:
    """The instants in UTC after one, each at least `SHORTEST_GAP` after the one before.

    `starts_at` is naive. A time in the gap of daylight saving moves forward by the gap; of what
    thereby falls on another one, or close to it, the earlier is left.
    """
    since = on_clock(after, timezone) - _DAY
    moments = wall_clock(rule, starts_at, since=since)
    until = rule.until
    if until is not None and until.tzinfo is None:
        moments = takewhile(until.__ge__, moments)
    before = None
    for instant in _in_order(moments, timezone):
        if until is not None and until.tzinfo is not None and instant > until:
            return
        if before is None or instant - before >= SHORTEST_GAP:
            before = instant
            if instant > after:
                yield instant


def on_clock(written: datetime, timezone: str) -> datetime:
    """What the zone's clock shows, naive; what was written without an offset is that already.

    Raises:
        RuleViolation: an unknown zone, or a moment outside the calendar.
    """
    if written.tzinfo is None:
        return written.replace(microsecond=0)
    try:
        local = written.astimezone(zone(timezone))
    except OverflowError as error:
        raise _too_far() from error
    return local.replace(tzinfo=None, fold=0, microsecond=0)


def demand_series(
    text: str, *, starts_at: datetime, timezone: str, now: datetime
) -> RecurrenceRule:
    """Read a rule for a series that can be kept up, and has something ahead of it.

    Raises:
        RuleViolation: `RECURRENCE_RULE_INVALID`, `RECURRENCE_TOO_FREQUENT`,
            `RECURRENCE_NEVER_FIRES` or `RECURRENCE_START_TOO_FAR`, with the reason.
    """
    if abs(starts_at.replace(tzinfo=UTC) - now) > LOOK_AHEAD * _YEAR:
        raise _too_far()
    zone(timezone)
    rule = parse_rule(text)
    first = islice(wall_clock(rule, starts_at, since=starts_at), LOOKED_AT)
    for one, other in pairwise(first):
        if other - one < SHORTEST_GAP:
            raise too_frequent(
                f"{one:%Y-%m-%d %H:%M:%S} and {other:%H:%M:%S} are less than"
                f" {SHORTEST_GAP // timedelta(minutes=1)} minutes apart"
            )
    if next(occurrences(rule, starts_at=starts_at, timezone=timezone, after=now), None) is None:
        raise RuleViolation(
            "RECURRENCE_NEVER_FIRES",
            f"By this rule nothing is published from now on, as far as {LOOK_AHEAD} years ahead",
            field="rule",
        )
    return rule


def _too_far() -> RuleViolation:
    return RuleViolation(
        "RECURRENCE_START_TOO_FAR",
        f"A series starts within {LOOK_AHEAD} years of today",
        field="starts_at",
    )


def _in_order(moments: Iterator[datetime], timezone: str) -> Iterator[datetime]:
    """What the gap has moved forward may have overtaken what comes after it."""
    waiting: list[datetime] = []
    for moment in moments:
        instant = to_instant(moment, timezone)
        heappush(waiting, instant)
        if on_clock(instant, timezone) == moment:
            while waiting and waiting[0] <= instant:
                yield heappop(waiting)
    while waiting:
        yield heappop(waiting)
