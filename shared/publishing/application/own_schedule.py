"""Load a schedule for a change, if it is the actor's organization's."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound
from shared.publishing.application.ports import PublishingUnitOfWork
from shared.publishing.domain.schedule import Schedule


def own_schedule(work: PublishingUnitOfWork, actor: Actor, schedule_id: UUID) -> Schedule:
    """Find and lock.

    Raises:
        NotFound: `SCHEDULE_NOT_FOUND`.
        PermissionDenied: `SCHEDULE_ACCESS_DENIED`.
    """
    schedule = work.schedules.get_for_update(schedule_id)
    if schedule is None:
        raise NotFound("SCHEDULE_NOT_FOUND", "There is no such schedule")
    actor.demand_own(schedule.organization_id, "schedule")
    return schedule
