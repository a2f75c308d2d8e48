"""Move a schedule to another moment or zone."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.fit import demand_still_fit
from shared.publishing.application.ports import Begin, Wake
from shared.publishing.domain.happenings import Happened, Happening
from shared.publishing.domain.local_time import to_instant, to_local
from shared.publishing.domain.schedule import RETRIABLE, Schedule
from shared.publishing.domain.thread import demand_root, move_along, wait_again
from shared.publishing.domain.window import falls_into_window


def reschedule(
    begin: Begin,
    wake: Wake,
    clock: Clock,
    *,
    actor: Actor,
    schedule_id: UUID,
    run_at: datetime | None,
    timezone: str | None,
    horizon: timedelta,
) -> Schedule:
    """Change the moment, the zone, or both; what follows in its thread moves along.

    What has failed or was skipped goes on by that, and what was skipped with it waits for it again.

    A new zone alone keeps the time on the author's clock: nine in Paris becomes nine in Lima.

    Raises:
        Conflict: `SCHEDULE_CANNOT_BE_MODIFIED`, it is not pending, failed or skipped;
            `SCHEDULE_FOLLOWS_ANOTHER`, move the first part of its thread; `POST_DELETED`.
        RuleViolation: the moment; of what has failed or was skipped, that it does not fit.
    """
    now = clock()
    with begin() as work:
        schedule = actor.own(work.schedules.get_for_update(schedule_id), "schedule")
        demand_root(schedule)
        parts = work.schedules.parts_after(schedule)
        before = {each.id: each.run_at for each in (schedule, *parts)}
        zone = timezone or schedule.timezone
        if run_at is not None:
            instant = to_instant(run_at, zone)
        elif zone != schedule.timezone:
            written = to_local(schedule.run_at, schedule.timezone).replace(tzinfo=None)
            instant = to_instant(written, zone)
        else:
            instant = schedule.run_at
        goes_on = schedule.status in RETRIABLE
        schedule.reschedule(run_at=instant, timezone=zone, now=now, horizon=horizon)
        if goes_on:
            demand_still_fit(work, schedule)
            wait_again(schedule, parts, now=now)
        moved = [schedule, *move_along(schedule, parts, now=now)]
        work.posts.follow([schedule.post_id], now=now)
        work.happenings.record(
            [
                Happened.to(
                    each,
                    Happening.UPDATED,
                    at=now,
                    by=actor.user_id,
                    run_at=each.run_at,
                    run_at_before=before[each.id],
                    timezone=each.timezone,
                )
                for each in moved
            ]
        )
    if falls_into_window(schedule.run_at, now=clock()):
        wake()
    return schedule
