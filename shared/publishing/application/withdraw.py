"""Take back occurrences of a series that nobody has touched."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from shared.kernel.happenings import Happening
from shared.publishing.application.series_ports import SeriesUnitOfWork
from shared.publishing.domain.happenings import happened_to
from shared.publishing.domain.recurrence import Recurrence
from shared.publishing.domain.schedule import Schedule, Status
from shared.publishing.domain.thread import cancel_with_later


def cancel_untouched(
    work: SeriesUnitOfWork, series: Recurrence, *, reason: str, now: datetime, by: UUID
) -> None:
    """Cancel what is to come; whatever a person has moved is theirs, and stays."""
    roots = work.recurrences.untouched(series.id, after=now)
    _cancel(work, series, roots, reason=reason, now=now, by=by)


def remove_untouched(
    work: SeriesUnitOfWork,
    series: Recurrence,
    *,
    but: Collection[datetime],
    reason: str,
    now: datetime,
    by: UUID,
) -> None:
    """Undo the plan but for these moments, so that each can be planned again.

    The zone of what stays is that of the series. What waits for a publisher is cancelled.
    """
    roots = work.recurrences.untouched(series.id, after=now)
    gone = [root for root in roots if root.occurrence_at not in but]
    unclaimed = [root for root in gone if root.status is Status.PENDING and root.fencing_token == 0]
    claimed = [root for root in gone if root not in unclaimed]
    removed = [*unclaimed, *work.schedules.parts_after(*unclaimed)]
    staying = [root for root in roots if root.timezone != series.timezone and root not in gone]
    for each in (*staying, *work.schedules.parts_after(*staying)):
        each.timezone, each.updated_at = series.timezone, now
    work.happenings.record(
        *[
            happened_to(each, Happening.SCHEDULE_DELETED, at=now, by=by, reason=reason)
            for each in removed
        ]
    )
    work.recurrences.remove(removed)
    _cancel(work, series, claimed, reason=reason, now=now, by=by)


def _cancel(
    work: SeriesUnitOfWork,
    series: Recurrence,
    roots: Collection[Schedule],
    *,
    reason: str,
    now: datetime,
    by: UUID,
) -> None:
    parts = work.schedules.parts_after(*roots)
    cancelled = [
        each for root in roots for each in cancel_with_later(root, parts, reason=reason, now=now)
    ]
    work.posts.follow([series.post_id], now=now)
    work.happenings.record(
        *[
            happened_to(each, Happening.SCHEDULE_CANCELLED, at=now, by=by, reason=reason)
            for each in cancelled
        ]
    )
