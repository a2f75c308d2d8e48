"""Plan further ahead for every series that needs it."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.clock import Clock
from shared.kernel.errors import RuleViolation, Unavailable
from shared.publishing.application.fit import demand_fit
from shared.publishing.application.plan_ahead import plan_ahead, wake_for
from shared.publishing.application.ports import Wake
from shared.publishing.application.series_ports import BeginSeries
from shared.publishing.domain.agenda import AHEAD
from shared.publishing.domain.schedule import Schedule

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)
"""A series is looked at again when its plan has become so much shorter."""
PATIENCE = timedelta(seconds=60)
"""How long one run may take; the next one goes on where it ended."""


def plan_series(begin: BeginSeries, wake: Wake, clock: Clock, *, horizon: timedelta) -> int:
    """Plan one series after the other, each in a transaction of its own; answers how many.

    One that cannot be planned now holds up no other: it is tried again by the next run. Two runs
    at once do no harm, for each takes what the other does not hold.

    Raises:
        Unavailable: the database is down.
    """
    began = clock()
    until = began + min(AHEAD, horizon) - EVERY
    with begin() as work:
        wanting = work.recurrences.wanting(until=until)
    count = 0
    for series_id in wanting:
        if clock() - began > PATIENCE:
            logger.warning("series_left_for_the_next_run", extra={"left": len(wanting) - count})
            break
        count += 1
        try:
            planned = _plan(begin, clock, series_id, until=until, horizon=horizon)
        except Unavailable:
            raise
        except Exception:
            logger.exception("series_not_planned", extra={"recurrence_id": str(series_id)})
            continue
        wake_for(planned, wake, clock)
    return count


def _plan(
    begin: BeginSeries, clock: Clock, series_id: UUID, *, until: datetime, horizon: timedelta
) -> Sequence[Schedule]:
    """End a series with its post; let it wait while its account or its owner cannot publish."""
    now = clock()
    with begin() as work:
        series = work.recurrences.take(series_id, until=until)
        if series is None:
            return ()
        variant = work.posts.variant(series.post_variant_id)
        if variant is None or variant.is_archived:
            series.end(now=now)
            return ()
        connection = work.connections.connection(series.channel_connection_id)
        owners = work.owners.active([series.created_by])
        if connection is None or series.created_by not in owners:
            return ()
        try:
            demand_fit(variant, connection)
        except RuleViolation as violation:
            logger.info(
                "series_waits",
                extra={"recurrence_id": str(series_id), "error_code": violation.code},
            )
            return ()
        planned = plan_ahead(work, series, variant, connection, now=now, horizon=horizon, by=None)
        if planned:
            work.posts.follow_new_schedules(series.post_id, now=now)
        return planned
