"""Schedule a variant on a connection for a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.publishing.application.fit import demand_fit
from shared.publishing.application.placement import compose, place
from shared.publishing.application.ports import Begin, PublishingUnitOfWork, Variant, Wake
from shared.publishing.domain.local_time import to_instant
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.window import falls_into_window


@dataclass(frozen=True, kw_only=True)
class Warned:
    """Something accepted that may not have been meant."""

    code: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """`schedule` is the root where the variant has a thread, `follow_ups` what comes after it."""

    schedule: Schedule
    follow_ups: Sequence[Schedule]
    warnings: Sequence[Warned]


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
        variant = actor.own(work.posts.variant(post_variant_id), "variant", field="post_variant_id")
        connection = actor.own(
            work.connections.connection(channel_connection_id),
            "connection",
            field="channel_connection_id",
        )
        demand_fit(variant, connection)
        schedule, *follow_ups = compose(
            variant,
            connection,
            created_by=actor.user_id,
            run_at=instant,
            timezone=timezone,
            now=now,
            horizon=horizon,
        )
        warnings = warnings_of(work, schedule, variant)
        place(work, [schedule, *follow_ups], variant=variant, by=actor.user_id, now=now)
        work.posts.follow([variant.post_id], now=now)
    if falls_into_window(schedule.run_at, now=clock()):
        wake()
    return Scheduled(schedule=schedule, follow_ups=follow_ups, warnings=warnings)


def warnings_of(work: PublishingUnitOfWork, schedule: Schedule, variant: Variant) -> list[Warned]:
    warnings = []
    if work.schedules.exists_like(schedule):
        warnings.append(
            Warned(
                code="IDENTICAL_SCHEDULE",
                description="The same variant is already scheduled there for the same moment",
            )
        )
    if variant.status == "published":
        warnings.append(
            Warned(
                code="VARIANT_ALREADY_PUBLISHED", description="This variant was published before"
            )
        )
    return warnings
