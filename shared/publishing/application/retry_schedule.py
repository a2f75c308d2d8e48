"""Have what has failed tried again."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.fit import demand_still_fit
from shared.publishing.application.ports import Begin, Wake
from shared.publishing.domain.happenings import Happened, Happening
from shared.publishing.domain.schedule import Schedule


def retry_schedule(
    begin: Begin, wake: Wake, clock: Clock, *, actor: Actor, schedule_id: UUID
) -> Schedule:
    """Put it back in line, to leave at once.

    Raises:
        Conflict: `SCHEDULE_OUTCOME_UNKNOWN`, `SCHEDULE_CANNOT_BE_RETRIED` or `POST_DELETED`.
        RuleViolation: the connection is not connected, or the variant does not fit any more.
    """
    now = clock()
    with begin() as work:
        schedule = actor.own(work.schedules.get_for_update(schedule_id), "schedule")
        schedule.retry(now=now)
        demand_still_fit(work, schedule)
        work.posts.follow([schedule.post_id], now=now)
        told = Happened.to(
            schedule,
            Happening.RETRIED,
            at=now,
            by=actor.user_id,
            attempts_made=schedule.attempt_count,
        )
        work.happenings.record([told])
    wake()
    return schedule
