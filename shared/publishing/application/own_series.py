"""A series within the actor's reach."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.publishing.application.coming_slots import demand_channel_of
from shared.publishing.application.series_ports import SeriesUnitOfWork
from shared.publishing.domain.recurrence import Recurrence


def own_series(work: SeriesUnitOfWork, actor: Actor, recurrence_id: UUID) -> Recurrence:
    """Lock a series that is to be changed.

    Raises:
        NotFound: `RECURRENCE_NOT_FOUND`.
        PermissionDenied: `RECURRENCE_ACCESS_DENIED`, or `CONNECTION_ACCESS_DENIED`: its channel is
            none that the actor may use.
    """
    series = actor.own(work.recurrences.get_for_update(recurrence_id), "recurrence")
    demand_channel_of(work, actor, series.channel_connection_id)
    return series
