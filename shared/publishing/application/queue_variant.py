"""Add a variant to a connection's queue: it leaves at the next free slot."""

from datetime import timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.coming_slots import free_slot
from shared.publishing.application.fit import own_fitting
from shared.publishing.application.placement import Scheduled, schedule_at
from shared.publishing.application.ports import Wake
from shared.publishing.application.series_ports import BeginSeries
from shared.publishing.domain.window import falls_into_window


def queue_variant(
    begin: BeginSeries,
    wake: Wake,
    clock: Clock,
    *,
    actor: Actor,
    post_variant_id: UUID,
    channel_connection_id: UUID,
    horizon: timedelta,
) -> Scheduled:
    """Schedule at the next free slot; two who ask at once never get the same one.

    Raises:
        NotFound, PermissionDenied: of the variant or the connection.
        RuleViolation: a connection that does not fit.
        Conflict: `NO_SLOTS` or `NO_FREE_SLOT`.
    """
    with begin() as work:
        variant, connection = own_fitting(
            work,
            actor,
            post_variant_id=post_variant_id,
            channel_connection_id=channel_connection_id,
        )
        work.slots.hold(connection.id)
        now = clock()
        opening = free_slot(work, connection.id, now=now, horizon=horizon).opening
        scheduled = schedule_at(
            work,
            variant,
            connection,
            by=actor.user_id,
            run_at=opening.at,
            timezone=opening.slot.timezone,
            now=now,
            horizon=horizon,
        )
    if falls_into_window(scheduled.schedule.run_at, now=clock()):
        wake()
    return scheduled
