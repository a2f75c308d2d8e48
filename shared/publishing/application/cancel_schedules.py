"""Take many schedules back at once, each judged for itself."""

from collections.abc import Collection, Mapping
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import DomainError
from shared.kernel.happenings import Happening
from shared.publishing.application.ports import Begin
from shared.publishing.domain.happenings import happened_to
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.thread import cancel_with_later


def cancel_schedules(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    schedule_ids: Collection[UUID],
    reason: str | None,
) -> Mapping[UUID, DomainError]:
    """Cancel all that can be, each with what follows in its thread, in one transaction.

    Answers the others, and why each was refused.
    """
    now = clock()
    refused: dict[UUID, DomainError] = {}
    cancelled: dict[UUID, Schedule] = {}
    with begin() as work:
        found = work.schedules.get_all_for_update(schedule_ids)
        parts = work.schedules.parts_after(*found.values())
        for schedule_id in schedule_ids:
            if schedule_id in cancelled:
                continue
            try:
                schedule = actor.own(found.get(schedule_id), "schedule")
                taken_back = cancel_with_later(schedule, parts, reason=reason, now=now)
            except DomainError as error:
                refused[schedule_id] = error
            else:
                cancelled |= {each.id: each for each in taken_back}
        work.posts.follow({each.post_id for each in cancelled.values()}, now=now)
        work.happenings.record(
            *[
                happened_to(
                    each, Happening.SCHEDULE_CANCELLED, at=now, by=actor.user_id, reason=reason
                )
                for each in cancelled.values()
            ]
        )
    return refused
