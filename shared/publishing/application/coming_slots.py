"""The slots of a connection that come next, and what takes them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.publishing.application.series_ports import BeginSeries, SeriesUnitOfWork
from shared.publishing.domain.slot import Opening, Slot, openings

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class ComingSlot:
    """`schedule_id` is what leaves in that minute, where anything does."""

    opening: Opening
    schedule_id: UUID | None


def preview_slots(
    begin: BeginSeries,
    clock: Clock,
    *,
    actor: Actor,
    channel_connection_id: UUID,
    count: int,
    horizon: timedelta,
) -> list[ComingSlot]:
    """The next ones within the horizon, free and taken; none for a connection without slots."""
    now = clock()
    with begin() as work:
        demand_connection(work, actor, channel_connection_id)
        coming = coming_slots(work, channel_connection_id, now=now, horizon=horizon)
        shown = (each for each in coming if actor.reaches(each.opening.slot))
        return [each for each, _ in zip(shown, range(count), strict=False)]


def next_slot(
    begin: BeginSeries,
    clock: Clock,
    *,
    actor: Actor,
    channel_connection_id: UUID,
    horizon: timedelta,
) -> ComingSlot:
    """The next free one among those the actor may see.

    Raises:
        Conflict: `NO_SLOTS` or `NO_FREE_SLOT`.
    """
    now = clock()
    with begin() as work:
        demand_connection(work, actor, channel_connection_id)
        return free_slot(
            work, channel_connection_id, now=now, horizon=horizon, is_wanted=actor.reaches
        )


def free_slot(
    work: SeriesUnitOfWork,
    connection_id: UUID,
    *,
    now: datetime,
    horizon: timedelta,
    is_wanted: Callable[[Slot], bool] = lambda _: True,
) -> ComingSlot:
    """The next free one, for whoever may look there.

    Raises:
        Conflict: `NO_SLOTS` or `NO_FREE_SLOT`.
    """
    if not any(map(is_wanted, work.slots.of(connection_id))):
        raise Conflict(
            "NO_SLOTS", "This connection has no posting slots", field="channel_connection_id"
        )
    for coming in coming_slots(work, connection_id, now=now, horizon=horizon):
        if coming.schedule_id is None and is_wanted(coming.opening.slot):
            return coming
    raise Conflict(
        "NO_FREE_SLOT",
        f"All slots of the next {horizon.days} days are taken",
        field="channel_connection_id",
    )


def coming_slots(
    work: SeriesUnitOfWork, connection_id: UUID, *, now: datetime, horizon: timedelta
) -> Iterator[ComingSlot]:
    """All within the horizon, in order."""
    until = now + horizon
    taken = work.slots.taken(connection_id, after=now - _MINUTE, until=until + _MINUTE)
    for opening in openings(work.slots.of(connection_id), after=now):
        if opening.at > until:
            return
        yield ComingSlot(opening=opening, schedule_id=taken.get(opening.at))


def demand_channel_of(work: SeriesUnitOfWork, actor: Actor, connection_id: UUID) -> None:
    """Demand that the actor may use the channel; nothing is asked for who may use all."""
    if actor.channels is not None:
        actor.in_organization(work.connections.connection(connection_id), "connection")


def demand_connection(work: SeriesUnitOfWork, actor: Actor, connection_id: UUID) -> None:
    """Demand that the connection named in the input is the actor's organization's."""
    actor.in_organization(
        work.connections.connection(connection_id), "connection", field="channel_connection_id"
    )
