"""Schedule a variant on a connection for a moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import RuleViolation
from shared.publishing.application.ports import (
    Begin,
    Connection,
    PublishingUnitOfWork,
    Variant,
    Wake,
)
from shared.publishing.domain.local_time import to_instant
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.window import falls_into_window


@dataclass(frozen=True, kw_only=True)
class Warned:
    """Something accepted that may not have been meant."""

    code: str
    description: str


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
) -> tuple[Schedule, list[Warned]]:
    """Accept a schedule; a draft becomes ready by it, and a repeated one earns a warning.

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
        _demand_fit(variant, connection)
        schedule = Schedule.plan(
            organization_id=actor.organization_id,
            created_by=actor.user_id,
            post_id=variant.post_id,
            post_variant_id=variant.id,
            channel_connection_id=connection.id,
            channel=connection.channel,
            run_at=instant,
            timezone=timezone,
            now=now,
            horizon=horizon,
        )
        warnings = _warnings(work, schedule, variant)
        work.posts.promote(variant.id, now=now)
        work.schedules.add(schedule)
        work.posts.follow([variant.post_id], now=now)
    if falls_into_window(schedule.run_at, now=clock()):
        wake()
    return schedule, warnings


def _demand_fit(variant: Variant, connection: Connection) -> None:
    if not connection.is_connected:
        raise RuleViolation(
            "CONNECTION_INACTIVE",
            "The connection must be connected again first",
            field="channel_connection_id",
        )
    if variant.channel != connection.channel:
        raise RuleViolation(
            "INCOMPATIBLE_CHANNEL",
            f"The variant is for {variant.channel}, the connection for {connection.channel}",
            field="channel_connection_id",
        )
    if variant.has_media:
        raise RuleViolation(
            "MEDIA_NOT_SUPPORTED",
            "Media cannot be published yet, and the text shall not leave without it",
            field="post_variant_id",
        )
    if variant.length > connection.max_length:
        raise RuleViolation(
            "CONTENT_TOO_LONG",
            f"The text is {variant.length} long; this account takes {connection.max_length}",
            field="post_variant_id",
            meta={"count": variant.length, "limit": connection.max_length},
        )


def _warnings(work: PublishingUnitOfWork, schedule: Schedule, variant: Variant) -> list[Warned]:
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
