"""Schedule a variant on a connection for a moment."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.fit import own_fitting
from shared.publishing.application.placement import Scheduled, schedule_at
from shared.publishing.application.ports import Begin, Wake
from shared.publishing.domain.local_time import to_instant
from shared.publishing.domain.window import falls_into_window


def schedule_variant(
    begin: Begin,
    wake: Wake,
    clock: Clock,
    *,
    actor: Actor,
    post_variant_id: UUID,
    channel_connection_id: UUID,
    run_at: datetime,
    timezone: str | None,
    horizon: timedelta,
) -> Scheduled:
    """Accept a schedule, and one for each part of a thread.

    A draft becomes ready by it, and a repeated one earns a warning.

    Raises:
        NotFound, PermissionDenied: of the variant or the connection.
        RuleViolation: the moment, the length, or a connection that does not fit.
    """
    timezone = timezone or actor.timezone
    instant = to_instant(run_at, timezone)
    now = clock()
    with begin() as work:
        variant, connection = own_fitting(
            work,
            actor,
            post_variant_id=post_variant_id,
            channel_connection_id=channel_connection_id,
        )
        scheduled = schedule_at(
            work,
            variant,
            connection,
            by=actor.user_id,
            run_at=instant,
            timezone=timezone,
            now=now,
            horizon=horizon,
        )
    if falls_into_window(scheduled.schedule.run_at, now=clock()):
        wake()
    return scheduled
