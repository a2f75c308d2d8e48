"""Move a schedule to another moment or zone."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.versions import ANY, Expected
from shared.publishing.application.moving import Grounds, demand_movable, destination, move
from shared.publishing.application.ports import Begin, Wake
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.thread import demand_root
from shared.publishing.domain.version import version_of
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
    expected: Expected = ANY,
) -> Schedule:
    """Change the moment, the zone, or both; what follows in its thread moves along.

    What has failed or was skipped goes on by that, and what was skipped with it waits for it again.

    A new zone alone keeps the time on the author's clock: nine in Paris becomes nine in Lima.

    Raises:
        PreconditionFailed: it is not as `expected`.
        Conflict: `SCHEDULE_CANNOT_BE_MODIFIED`, it is not pending, failed or skipped;
            `SCHEDULE_FOLLOWS_ANOTHER`, move the first part of its thread; `POST_DELETED`.
        RuleViolation: the moment; of what has failed or was skipped, that it does not fit.
    """
    now = clock()
    with begin() as work:
        schedule = actor.own(work.schedules.get_for_update(schedule_id), "schedule")
        expected.demand(version_of(schedule.updated_at))
        demand_root(schedule)
        parts = work.schedules.parts_after(schedule)
        to = destination(schedule, run_at=run_at, timezone=timezone)
        grounds = Grounds.of(work, [schedule])
        demand_movable(schedule, to, grounds, now=now, horizon=horizon)
        happened = move(schedule, parts, to, by=actor.user_id, now=now, horizon=horizon)
        work.posts.follow([schedule.post_id], now=now)
        work.happenings.record(*happened)
    if falls_into_window(schedule.run_at, now=clock()):
        wake()
    return schedule
