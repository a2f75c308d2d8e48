"""Let a paused series go on."""

from datetime import timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.own_series import own_series
from shared.publishing.application.plan_ahead import plan_again, wake_for
from shared.publishing.application.ports import Wake
from shared.publishing.application.series_ports import BeginSeries
from shared.publishing.domain.recurrence import Recurrence


def resume_recurrence(
    begin: BeginSeries,
    wake: Wake,
    clock: Clock,
    *,
    actor: Actor,
    recurrence_id: UUID,
    horizon: timedelta,
) -> Recurrence:
    """Go on from now; what would have left meanwhile is not made up for.

    Raises:
        Conflict: `RECURRENCE_ENDED`.
        NotFound, RuleViolation: the variant is gone, or does not fit the connection any more.
    """
    now = clock()
    with begin() as work:
        series = own_series(work, actor, recurrence_id)
        series.resume(now=now)
        planned = plan_again(work, actor, series, now=now, horizon=horizon)
        if planned:
            work.posts.follow_new_schedules(series.post_id, now=now)
    wake_for(planned, wake, clock)
    return series
