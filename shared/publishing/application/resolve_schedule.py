"""Settle what nobody but a person can find out: whether a schedule was published."""

from collections.abc import Sequence
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening
from shared.publishing.application.ports import Begin, Wake
from shared.publishing.domain.happenings import happened_to
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.settlement import Settlement
from shared.publishing.domain.thread import let_next_follow
from shared.publishing.domain.window import falls_into_window


def resolve_schedule(
    begin: Begin, wake: Wake, clock: Clock, *, actor: Actor, schedule_id: UUID, url: str | None
) -> Schedule:
    """Take the actor's word: it was published at `url`, or without one, it was not.

    What follows in its thread goes on from a part that was published.

    Raises:
        Conflict: `SCHEDULE_OUTCOME_KNOWN`; a publisher may have come back with its answer.
    """
    now = clock()
    settlement = Settlement(by=actor.user_id, url=url)
    with begin() as work:
        schedule = actor.own(work.schedules.get_for_update(schedule_id), "schedule")
        schedule.settle(settlement, now=now)
        work.ledger.settle(schedule.id, settlement)
        later: Sequence[Schedule] = []
        if settlement.is_published:
            work.posts.record_published([schedule.post_variant_id], at=now)
            later = work.schedules.parts_after(schedule)
            let_next_follow(schedule, later, now=now)
        work.posts.follow([schedule.post_id], now=now)
        told = happened_to(
            schedule,
            Happening.SCHEDULE_RESOLVED,
            at=now,
            by=actor.user_id,
            is_published=settlement.is_published,
            external_url=url,
        )
        work.happenings.record(told)
    due = [part.planned_at for part in later if part.planned_at is not None]
    if any(falls_into_window(moment, now=clock()) for moment in due):
        wake()
    return schedule
