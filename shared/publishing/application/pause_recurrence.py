"""Let a series rest."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.own_series import own_series
from shared.publishing.application.series_ports import BeginSeries
from shared.publishing.application.withdraw import remove_untouched
from shared.publishing.domain.recurrence import Recurrence


def pause_recurrence(
    begin: BeginSeries, clock: Clock, *, actor: Actor, recurrence_id: UUID
) -> Recurrence:
    """Let nothing of it leave until it is resumed.

    Raises:
        Conflict: `RECURRENCE_ENDED`.
    """
    now = clock()
    with begin() as work:
        series = own_series(work, actor, recurrence_id)
        series.pause(now=now)
        remove_untouched(work, series, but=(), reason="series paused", now=now, by=actor.user_id)
    return series
