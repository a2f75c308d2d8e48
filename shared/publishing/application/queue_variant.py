"""Add a variant to a connection's queue: it leaves at the next free slot."""

from datetime import timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.coming_slots import free_slot
from shared.publishing.application.fit import demand_fit
from shared.publishing.application.placement import compose, place
from shared.publishing.application.ports import Wake
from shared.publishing.application.schedule_variant import Scheduled, warnings_of
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
        variant = actor.own(work.posts.variant(post_variant_id), "variant", field="post_variant_id")
        connection = actor.own(
            work.connections.connection(channel_connection_id),
            "connection",
            field="channel_connection_id",
        )
        demand_fit(variant, connection)
        work.slots.hold(connection.id)
        now = clock()
        opening = free_slot(work, connection.id, now=now, horizon=horizon).opening
        schedule, *follow_ups = compose(
            variant,
            connection,
            created_by=actor.user_id,
            run_at=opening.at,
            timezone=opening.slot.timezone,
            now=now,
            horizon=horizon,
        )
        warnings = warnings_of(work, schedule, variant)
        place(work, [schedule, *follow_ups], variant=variant, by=actor.user_id, now=now)
        work.posts.follow([variant.post_id], now=now)
    if falls_into_window(schedule.run_at, now=clock()):
        wake()
    return Scheduled(schedule=schedule, follow_ups=follow_ups, warnings=warnings)
