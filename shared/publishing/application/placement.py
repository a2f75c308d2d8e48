"""Put a variant on a connection's plan, with all the parts of its thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from shared.kernel.happenings import Happening
from shared.publishing.application.ports import Connection, PublishingUnitOfWork, Variant
from shared.publishing.domain.crowding import Neighbours, Saying, Warned, warnings_of
from shared.publishing.domain.happenings import happened_to
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.thread import follow_ups


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """`schedule` is the root where the variant has a thread, `follow_ups` what comes after it.

    `neighbours` answers best once it is stored: before that the answer is a round trip of its own.
    """

    schedule: Schedule
    follow_ups: Sequence[Schedule]
    variant: Variant
    neighbours: Callable[[], Neighbours] = field(repr=False, compare=False)

    @cached_property
    def warnings(self) -> Sequence[Warned]:
        """What may not have been meant."""
        warnings = [*warnings_of(self.neighbours())]
        if self.variant.status == "published":
            warnings.append(
                Warned(
                    code="VARIANT_ALREADY_PUBLISHED",
                    description="This variant was published before",
                )
            )
        return warnings


def schedule_at(
    work: PublishingUnitOfWork,
    variant: Variant,
    connection: Connection,
    *,
    by: UUID,
    run_at: datetime,
    timezone: str,
    now: datetime,
    horizon: timedelta,
) -> Scheduled:
    """Put a variant that is held on the plan for a moment; its post follows.

    Raises:
        Conflict: `POST_ARCHIVED`.
        RuleViolation: the moment is past or beyond the horizon.
    """
    schedule, *later = compose(
        variant,
        connection,
        created_by=by,
        run_at=run_at,
        timezone=timezone,
        now=now,
        horizon=horizon,
    )
    neighbours = _neighbours(work, [schedule, *later], variant)
    place(work, [schedule, *later], variant=variant, by=by, now=now)
    work.posts.await_schedules(variant, now=now)
    return Scheduled(schedule=schedule, follow_ups=later, variant=variant, neighbours=neighbours)


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
    if variant.status == "draft":
        work.posts.promote(variant.id, now=now)
    work.schedules.add(*schedules)
    work.happenings.record(
        *[
            happened_to(
                each,
                Happening.SCHEDULE_CREATED,
                at=now,
                by=by,
                run_at=each.run_at,
                timezone=each.timezone,
                channel=each.channel,
            )
            for each in schedules
        ]
    )


def _neighbours(
    work: PublishingUnitOfWork, schedules: Sequence[Schedule], variant: Variant
) -> Callable[[], Neighbours]:
    texts = [variant.content, *(each.content for each in variant.follow_ups)]
    sayings = [
        Saying(text=text, at=schedule.run_at)
        for text, schedule in zip(texts, schedules, strict=True)
    ]
    return work.schedules.neighbours(schedules[0], sayings)
