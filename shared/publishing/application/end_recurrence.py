"""End a series for good."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.own_series import own_series
from shared.publishing.application.series_ports import BeginSeries
from shared.publishing.application.withdraw import cancel_untouched
from shared.publishing.domain.recurrence import Recurrence


def end_recurrence(
    begin: BeginSeries, clock: Clock, *, actor: Actor, recurrence_id: UUID
) -> Recurrence:
    """End it for good, and cancel what nobody has touched; a second time changes nothing."""
    now = clock()
    with begin() as work:
        series = own_series(work, actor, recurrence_id)
        series.end(now=now)
        cancel_untouched(work, series, reason="series ended", now=now, by=actor.user_id)
    return series
