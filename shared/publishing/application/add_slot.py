"""Give a connection one more posting slot."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.publishing.application.coming_slots import demand_connection
from shared.publishing.application.series_ports import BeginSeries
from shared.publishing.domain.slot import Slot, WeeklyTime, demand_few


def add_slot(
    begin: BeginSeries,
    clock: Clock,
    *,
    actor: Actor,
    channel_connection_id: UUID,
    when: WeeklyTime,
) -> Slot:
    """Add one that is not there yet.

    Raises:
        Conflict: `SLOT_ALREADY_EXISTS`.
        RuleViolation: the zone, or `TOO_MANY_SLOTS`.
    """
    slot = Slot.new(
        organization_id=actor.organization_id,
        created_by=actor.user_id,
        channel_connection_id=channel_connection_id,
        when=when,
        now=clock(),
    )
    with begin() as work:
        demand_connection(work, actor, channel_connection_id)
        work.slots.hold(channel_connection_id)
        present = [each.when for each in work.slots.of(channel_connection_id)]
        if when in present:
            raise Conflict("SLOT_ALREADY_EXISTS", "This connection has that slot already")
        demand_few(len(present) + 1)
        work.slots.add(slot)
    return slot
