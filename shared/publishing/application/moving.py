"""Where schedules are to go, and taking them there with what follows them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.happenings import Happened, Happening
from shared.publishing.application.fit import demand_both_fit
from shared.publishing.application.ports import Connection, PublishingUnitOfWork, Variant
from shared.publishing.domain.happenings import happened_to
from shared.publishing.domain.local_time import to_instant, to_local
from shared.publishing.domain.schedule import RETRIABLE, Schedule
from shared.publishing.domain.thread import demand_root, move_along, wait_again


@dataclass(frozen=True, kw_only=True)
class Destination:
    run_at: datetime
    timezone: str


def destination(
    schedule: Schedule, *, run_at: datetime | None, timezone: str | None
) -> Destination:
    """What a person means by a moment, a zone, or both.

    A new zone alone keeps the time on the author's clock: nine in Paris becomes nine in Lima.

    Raises:
        RuleViolation: see `to_instant`.
    """
    zone = timezone or schedule.timezone
    if run_at is not None:
        return Destination(run_at=to_instant(run_at, zone), timezone=zone)
    if zone != schedule.timezone:
        written = to_local(schedule.run_at, schedule.timezone).replace(tzinfo=None)
        return Destination(run_at=to_instant(written, zone), timezone=zone)
    return Destination(run_at=schedule.run_at, timezone=zone)


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What is published and through what, for those schedules that would go on by being moved."""

    variants: Mapping[UUID, Variant]
    connections: Mapping[UUID, Connection]

    @classmethod
    def of(cls, work: PublishingUnitOfWork, schedules: Collection[Schedule]) -> "Grounds":
        again = [each for each in schedules if each.status in RETRIABLE]
        if not again:
            return cls(variants={}, connections={})
        connections = work.connections.connections({each.channel_connection_id for each in again})
        known = {each.id for each in connections.values() if each.is_supported}
        wanted = {each.post_variant_id for each in again if each.channel_connection_id in known}
        return cls(variants=work.posts.variants(wanted), connections=connections)


def demand_movable(
    schedule: Schedule, to: Destination, grounds: Grounds, *, now: datetime, horizon: timedelta
) -> None:
    """Refuse what cannot go there, before anything is changed.

    Raises:
        Conflict: `SCHEDULE_CANNOT_BE_MODIFIED`, it is not pending, failed or skipped;
            `SCHEDULE_FOLLOWS_ANOTHER`, move the first part of its thread; `POST_DELETED`.
        RuleViolation: the moment; of what has failed or was skipped, that it does not fit.
    """
    demand_root(schedule)
    schedule.demand_movable(run_at=to.run_at, now=now, horizon=horizon)
    if schedule.status in RETRIABLE:
        demand_both_fit(
            grounds.variants.get(schedule.post_variant_id),
            grounds.connections.get(schedule.channel_connection_id),
        )


def move(
    schedule: Schedule,
    parts: Sequence[Schedule],
    to: Destination,
    *,
    by: UUID,
    now: datetime,
    horizon: timedelta,
) -> list[Happened]:
    """Move what is movable, with the parts after it that wait; tells of all that has moved.

    What has failed or was skipped goes on by that, and what was skipped with it waits again.
    """
    before = {each.id: each.run_at for each in (schedule, *parts)}
    goes_on = schedule.status in RETRIABLE
    schedule.reschedule(run_at=to.run_at, timezone=to.timezone, now=now, horizon=horizon)
    if goes_on:
        wait_again(schedule, parts, now=now)
    return [
        happened_to(
            each,
            Happening.SCHEDULE_UPDATED,
            at=now,
            by=by,
            run_at=each.run_at,
            run_at_before=before[each.id],
            timezone=each.timezone,
        )
        for each in (schedule, *move_along(schedule, parts, now=now))
    ]
