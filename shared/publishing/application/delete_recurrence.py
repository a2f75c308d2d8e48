"""Take a series off every list."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.own_series import own_series
from shared.publishing.application.series_ports import BeginSeries
from shared.publishing.application.withdraw import cancel_untouched


def delete_recurrence(
    begin: BeginSeries, clock: Clock, *, actor: Actor, recurrence_id: UUID
) -> None:
    """End it and take it off every list; what has left already stays where it is."""
    now = clock()
    with begin() as work:
        series = own_series(work, actor, recurrence_id)
        series.delete(now=now)
        cancel_untouched(work, series, reason="series deleted", now=now, by=actor.user_id)
