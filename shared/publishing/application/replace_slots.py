"""Give a connection other posting slots."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.coming_slots import demand_connection
from shared.publishing.application.series_ports import BeginSeries
from shared.publishing.domain.slot import Slot, WeeklyTime, demand_few


def replace_slots(
    begin: BeginSeries,
    clock: Clock,
    *,
    actor: Actor,
    channel_connection_id: UUID,
    wanted: Iterable[WeeklyTime],
) -> Sequence[Slot]:
    """Leave these and no others, and answer them; one that is there already stays as it is.

    Raises:
        PermissionDenied: `SLOT_ACCESS_DENIED`, one that would go is out of the actor's reach.
        RuleViolation: a zone, or `TOO_MANY_SLOTS`.
    """
    now = clock()
    slots = {
        when: Slot.new(
            organization_id=actor.organization_id,
            created_by=actor.user_id,
            channel_connection_id=channel_connection_id,
            when=when,
            now=now,
        )
        for when in wanted
    }
    demand_few(len(slots))
    with begin() as work:
        demand_connection(work, actor, channel_connection_id)
        work.slots.hold(channel_connection_id)
        present = {slot.when: slot for slot in work.slots.of(channel_connection_id)}
        gone = [slot for when, slot in present.items() if when not in slots]
        work.slots.remove(*(actor.own(slot, "slot") for slot in gone))
        work.slots.add(*(slot for when, slot in slots.items() if when not in present))
        return work.slots.of(channel_connection_id)
