"""Slots: the weekly moments at which an account posts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from heapq import merge
from uuid import UUID

from shared.kernel.errors import RuleViolation
from shared.kernel.ids import OrganizationId, new_id
from shared.kernel.timezones import zone
from shared.publishing.domain.local_time import to_instant, to_local

SLOTS = 200
"""The most an account may have."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class WeeklyTime:
    """`weekday` counts from Monday, which is 0; `local_time` is on the clock of `timezone`."""

    weekday: int
    local_time: time
    timezone: str


@dataclass(kw_only=True, eq=False)
class Slot:
    """A connection's weekly time; it has each once."""

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    channel_connection_id: UUID
    weekday: int
    local_time: time
    timezone: str
    created_at: datetime

    @classmethod
    def new(
        cls,
        *,
        organization_id: OrganizationId,
        created_by: UUID,
        channel_connection_id: UUID,
        when: WeeklyTime,
        now: datetime,
    ) -> "Slot":
        """A slot in a known zone.

        Raises:
            RuleViolation: `INVALID_TIMEZONE`.
        """
        zone(when.timezone)
        return cls(
            id=new_id(),
            organization_id=organization_id,
            created_by=created_by,
            channel_connection_id=channel_connection_id,
            weekday=when.weekday,
            local_time=when.local_time,
            timezone=when.timezone,
            created_at=now,
        )

    @property
    def when(self) -> WeeklyTime:
        return WeeklyTime(weekday=self.weekday, local_time=self.local_time, timezone=self.timezone)


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A slot in a certain week."""

    slot: Slot
    at: datetime


def demand_few(count: int) -> None:
    """Refuse more slots than anybody can mean.

    Raises:
        RuleViolation: `TOO_MANY_SLOTS`.
    """
    if count > SLOTS:
        raise RuleViolation("TOO_MANY_SLOTS", f"A connection has at most {SLOTS} slots")


def openings(slots: Sequence[Slot], *, after: datetime) -> Iterator[Opening]:
    """What comes after an instant, in order, week after week; of two at one instant the first.

    A time in the gap of daylight saving moves forward by the gap; one that comes twice counts the
    first time.
    """
    before = after
    for opening in merge(*(_weekly(slot, after) for slot in slots), key=lambda each: each.at):
        if opening.at > before:
            before = opening.at
            yield opening


def _weekly(slot: Slot, after: datetime) -> Iterator[Opening]:
    day = to_local(after, slot.timezone).date() - _DAY
    day += _DAY * ((slot.weekday - day.weekday()) % 7)
    while True:
        at = to_instant(datetime.combine(day, slot.local_time), slot.timezone)
        if at > after:
            yield Opening(slot=slot, at=at)
        day += 7 * _DAY
