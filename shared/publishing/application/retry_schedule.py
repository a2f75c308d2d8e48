"""Have what has failed or was skipped tried again."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening
from shared.publishing.application.fit import demand_still_fit
from shared.publishing.application.ports import Begin, Wake
from shared.publishing.domain.happenings import happened_to
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.thread import demand_previous_out, wait_again


def retry_schedule(
    begin: Begin, wake: Wake, clock: Clock, *, actor: Actor, schedule_id: UUID
) -> Schedule:
    """Put it back in line, to leave at once; what was skipped after it waits for it again.

    Raises:
        Conflict: `SCHEDULE_OUTCOME_UNKNOWN`, `SCHEDULE_CANNOT_BE_RETRIED`, `POST_DELETED`, or
            `PREVIOUS_PART_NOT_PUBLISHED`, of a follow-up.
        RuleViolation: the connection is not connected, or the variant does not fit any more.
    """
    now = clock()
    with begin() as work:
        schedule = actor.own(work.schedules.get_for_update(schedule_id), "schedule")
        schedule.retry(now=now)
        demand_previous_out(work.schedules.part_before(schedule))
        demand_still_fit(work, schedule)
        waiting = wait_again(schedule, work.schedules.parts_after(schedule), now=now)
        work.posts.follow([schedule.post_id], now=now)
        work.happenings.record(
            *[
                happened_to(
                    each,
                    Happening.SCHEDULE_RETRIED,
                    at=now,
                    by=actor.user_id,
                    attempts_made=each.attempt_count,
                )
                for each in (schedule, *waiting)
            ]
        )
    wake()
    return schedule
