"""Take a schedule back before it is sent."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening
from shared.publishing.application.ports import Begin
from shared.publishing.domain.happenings import happened_to
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.thread import cancel_with_later


def cancel_schedule(
    begin: Begin, clock: Clock, *, actor: Actor, schedule_id: UUID, reason: str | None
) -> Schedule:
    """Cancel, and with it what follows in its thread.

    What was cancelled before its attempt began is never sent.

    Raises:
        Conflict: `SCHEDULE_CANNOT_BE_CANCELLED` or `SCHEDULE_ALREADY_CANCELLED`.
    """
    now = clock()
    with begin() as work:
        schedule = actor.own(work.schedules.get_for_update(schedule_id), "schedule")
        cancelled = cancel_with_later(
            schedule, work.schedules.parts_after(schedule), reason=reason, now=now
        )
        work.posts.follow([schedule.post_id], now=now)
        work.happenings.record(
            *[
                happened_to(
                    each, Happening.SCHEDULE_CANCELLED, at=now, by=actor.user_id, reason=reason
                )
                for each in cancelled
            ]
        )
    return schedule
