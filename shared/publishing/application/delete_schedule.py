"""Take a schedule off every list."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.ports import Begin


def delete_schedule(begin: Begin, clock: Clock, *, actor: Actor, schedule_id: UUID) -> None:
    """Delete softly, cancelling it where that is still possible.

    Raises:
        Conflict: `SCHEDULE_CANNOT_BE_CANCELLED`, it is being sent.
    """
    now = clock()
    with begin() as work:
        schedule = actor.own(work.schedules.get_for_update(schedule_id), "schedule")
        schedule.delete(now=now)
        work.posts.follow([schedule.post_id], now=now)
