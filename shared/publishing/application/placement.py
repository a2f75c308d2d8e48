"""Put a variant on a connection's plan, with all the parts of its thread."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.publishing.application.ports import Connection, PublishingUnitOfWork, Variant
from shared.publishing.domain.happenings import Happened, Happening
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.thread import follow_ups


def compose(
    variant: Variant,
    connection: Connection,
    *,
    created_by: UUID,
    run_at: datetime,
    timezone: str,
    now: datetime,
    horizon: timedelta,
    recurrence_id: UUID | None = None,
) -> list[Schedule]:
    """The schedules of one moment: the root, then the parts of its thread.

    Raises:
        RuleViolation: the moment is past or beyond the horizon.
    """
    root = Schedule.plan(
        organization_id=variant.organization_id,
        created_by=created_by,
        post_id=variant.post_id,
        post_variant_id=variant.id,
        channel_connection_id=connection.id,
        channel=connection.channel,
        run_at=run_at,
        timezone=timezone,
        now=now,
        horizon=horizon,
        recurrence_id=recurrence_id,
    )
    return [root, *follow_ups(root, [each.delay_seconds for each in variant.follow_ups])]


def place(
    work: PublishingUnitOfWork,
    schedules: Sequence[Schedule],
    *,
    variant: Variant,
    by: UUID | None,
    now: datetime,
) -> None:
    """Add them, and tell of it; a draft becomes ready. Its post must follow."""
    work.posts.promote(variant.id, now=now)
    work.schedules.add(*schedules)
    work.happenings.record(
        [
            Happened.to(
                each,
                Happening.CREATED,
                at=now,
                by=by,
                run_at=each.run_at,
                timezone=each.timezone,
                channel=each.channel,
            )
            for each in schedules
        ]
    )
