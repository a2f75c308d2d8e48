"""Take a posting slot away."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.publishing.application.coming_slots import demand_channel_of
from shared.publishing.application.series_ports import BeginSeries


def remove_slot(begin: BeginSeries, *, actor: Actor, slot_id: UUID) -> None:
    """Take one away; what is scheduled there stays."""
    with begin() as work:
        slot = actor.own(work.slots.get(slot_id), "slot")
        demand_channel_of(work, actor, slot.channel_connection_id)
        work.slots.hold(slot.channel_connection_id)
        work.slots.remove(actor.own(work.slots.get(slot_id), "slot"))
