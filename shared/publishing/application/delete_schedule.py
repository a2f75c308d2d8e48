"""Take a schedule off every list."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening
from shared.publishing.application.ports import Begin
from shared.publishing.domain.happenings import happened_to
from shared.publishing.domain.thread import demand_root


def delete_schedule(begin: Begin, clock: Clock, *, actor: Actor, schedule_id: UUID) -> None:
    """Delete softly, with all its thread, cancelling where that is still possible.

    Raises:
        Conflict: `SCHEDULE_CANNOT_BE_CANCELLED`, it is being sent; `SCHEDULE_FOLLOWS_ANOTHER`, a
            thread goes as a whole.
    """
    now = clock()
    with begin() as work:
        schedule = actor.own(work.schedules.get_for_update(schedule_id), "schedule")
        demand_root(schedule)
        told = []
        for part in (schedule, *work.schedules.parts_after(schedule)):
            status_before = part.status
            part.delete(now=now)
            told.append(
                happened_to(
                    part,
                    Happening.SCHEDULE_DELETED,
                    at=now,
                    by=actor.user_id,
                    status_before=status_before,
                )
            )
        work.posts.follow([schedule.post_id], now=now)
        work.happenings.record(*told)
