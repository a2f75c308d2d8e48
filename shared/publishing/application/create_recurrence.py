"""Start a series."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.fit import own_fitting
from shared.publishing.application.plan_ahead import plan_ahead, wake_for
from shared.publishing.application.ports import Wake
from shared.publishing.application.series_ports import BeginSeries
from shared.publishing.domain.occurrences import demand_series, on_clock
from shared.publishing.domain.recurrence import Recurrence


def create_recurrence(
    begin: BeginSeries,
    wake: Wake,
    clock: Clock,
    *,
    actor: Actor,
    post_variant_id: UUID,
    channel_connection_id: UUID,
    rule: str,
    starts_at: datetime,
    timezone: str | None,
    horizon: timedelta,
) -> Recurrence:
    """Accept a series and plan its next occurrences.

    Raises:
        NotFound, PermissionDenied: of the variant or the connection.
        Conflict: `POST_ARCHIVED`.
        RuleViolation: the rule, the start, or a connection that does not fit.
    """
    timezone = timezone or actor.timezone
    now = clock()
    local = on_clock(starts_at, timezone)
    demand_series(rule, starts_at=local, timezone=timezone, now=now)
    with begin() as work:
        variant, connection = own_fitting(
            work,
            actor,
            post_variant_id=post_variant_id,
            channel_connection_id=channel_connection_id,
        )
        series = Recurrence.new(
            organization_id=actor.organization_id,
            created_by=actor.user_id,
            post_id=variant.post_id,
            post_variant_id=variant.id,
            channel_connection_id=connection.id,
            rule=rule,
            timezone=timezone,
            starts_at=local,
            now=now,
        )
        work.recurrences.add(series)
        planned = plan_ahead(
            work, series, variant, connection, now=now, horizon=horizon, by=actor.user_id
        )
        if planned:
            work.posts.await_schedules(variant, now=now)
    wake_for(planned, wake, clock)
    return series
