"""Move a schedule to another moment or zone."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.ports import Begin, Wake
from shared.publishing.domain.local_time import to_instant, to_local
from shared.publishing.domain.schedule import Schedule
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
    """Change the moment, the zone, or both.

    A new zone alone keeps the time on the author's clock: nine in Paris becomes nine in Lima.

    Raises:
        Conflict: `SCHEDULE_CANNOT_BE_MODIFIED`, it is no longer pending or failed.
    """
    now = clock()
    with begin() as work:
        schedule = actor.own(work.schedules.get_for_update(schedule_id), "schedule")
        zone = timezone or schedule.timezone
        if run_at is not None:
            instant = to_instant(run_at, zone)
        elif zone != schedule.timezone:
            written = to_local(schedule.run_at, schedule.timezone).replace(tzinfo=None)
            instant = to_instant(written, zone)
        else:
            instant = schedule.run_at
        schedule.reschedule(run_at=instant, timezone=zone, now=now, horizon=horizon)
        work.posts.follow([schedule.post_id], now=now)
    if falls_into_window(schedule.run_at, now=clock()):
        wake()
    return schedule
