"""What other contexts may ask of publishing; each runs in the caller's transaction."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from shared.infrastructure.database import among
from shared.kernel.actor import Actor
from shared.kernel.happenings import Happened, Happening
from shared.kernel.ids import OrganizationId
from shared.publishing.adapters.happenings import happenings_in
from shared.publishing.adapters.neighbours import neighbours
from shared.publishing.adapters.of_posts import (
    PostSchedule,
    count_of_posts,
    schedules_of_post,
    statuses_of_posts,
)
from shared.publishing.adapters.posts import ContentPosts
from shared.publishing.adapters.reach import reached_through_connections
from shared.publishing.adapters.tables import queued_claims, recurrences, schedules
from shared.publishing.domain.crowding import Saying, Warned, warnings_of
from shared.publishing.domain.recurrence import RecurrenceStatus
from shared.publishing.domain.schedule import ACTIVE, CANCELLABLE, Status
from shared.publishing.domain.waiting import WaitingReason

__all__ = [
    "PostSchedule",
    "cancel_active",
    "count_active",
    "count_of_posts",
    "end_series",
    "reached",
    "release_queued",
    "replan",
    "resume",
    "schedules_of_post",
    "statuses_of_posts",
]

_WAITS_FOR_CREDENTIALS = (WaitingReason.CONNECTION_ERROR, WaitingReason.CREDENTIALS_EXPIRED)
_WAITS_BY_POLICY = (WaitingReason.DAILY_CAP, WaitingReason.MINIMUM_GAP)


def reached(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """The live schedules and series among `ids` that the actor's permission reaches."""
    return {
        found
        for table in (schedules, recurrences)
        for found in session.scalars(
            select(table.c.id).where(
                among(table.c.id, ids),
                table.c.deleted_at.is_(None),
                *reached_through_connections(session, table, actor),
            )
        )
    }


def count_active(
    session: Session,
    *,
    post_id: UUID | None = None,
    variant_id: UUID | None = None,
    connection_id: UUID | None = None,
) -> int:
    """How many schedules of a post, a variant or a connection are still to be sent."""
    query = (
        select(func.count())
        .select_from(schedules)
        .where(_of(post_id, variant_id, connection_id), schedules.c.status.in_(ACTIVE))
    )
    return session.scalar(query) or 0


def warnings(
    session: Session,
    connection_id: UUID,
    texts: Sequence[str],
    *,
    organization_id: OrganizationId,
    at: datetime,
) -> Sequence[Warned]:
    """What would be told of texts that were sent on a connection at a moment."""
    found = neighbours(
        session,
        organization_id=organization_id,
        connection_id=connection_id,
        sayings=[Saying(text=text, at=at) for text in texts],
    )
    return warnings_of(found())


def cancel_active(
    session: Session,
    *,
    post_id: UUID | None = None,
    variant_id: UUID | None = None,
    connection_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Cancel what has not begun, and tell how many; what is being sent goes on.

    The actor takes away what they would publish or where, and could cancel each by itself.

    Raises:
        PermissionDenied: `FORBIDDEN` or `SCHEDULE_ACCESS_DENIED`; then none is cancelled.
    """
    where = (
        _of(post_id, variant_id, connection_id),
        schedules.c.status.in_(CANCELLABLE),
    )
    columns = schedules.c
    held = (
        select(columns.id, columns.organization_id, columns.created_by, columns.channel)
        .where(*where)
        .order_by(columns.id)
        .with_for_update()
    )
    found = session.execute(held).all()
    if not found:
        return 0
    canceller = actor.exercising("schedules:write")
    ids = [canceller.own(row, "schedule").id for row in found]
    cancelled = session.execute(
        update(schedules)
        .where(among(schedules.c.id, ids))
        .values(
            status=Status.CANCELLED,
            lease_expires_at=None,
            held_until=None,
            waiting_reason=None,
            cancelled_at=now,
            updated_at=now,
        )
        .returning(schedules.c.id, schedules.c.organization_id, schedules.c.post_id)
    ).all()
    ContentPosts(session).follow({row.post_id for row in cancelled}, now=now)
    happenings_in(session).record(
        *[
            Happened(
                what=Happening.SCHEDULE_CANCELLED,
                subject_id=row.id,
                organization_id=row.organization_id,
                post_id=row.post_id,
                at=now,
                actor_id=actor.user_id,
                details={"reason": None},
            )
            for row in cancelled
        ]
    )
    return len(cancelled)


def end_series(
    session: Session, *, post_id: UUID | None = None, variant_id: UUID | None = None, now: datetime
) -> None:
    """End the series of what is being deleted; before its schedules are locked."""
    columns = recurrences.c
    held = (
        select(columns.id)
        .where(
            columns.post_id == post_id if post_id else columns.post_variant_id == variant_id,
            columns.status != RecurrenceStatus.ENDED,
        )
        .order_by(columns.id)
        .with_for_update(key_share=True)
    )
    ids = session.scalars(held).all()
    session.execute(
        update(recurrences)
        .where(among(columns.id, ids))
        .values(status=RecurrenceStatus.ENDED, updated_at=now)
    )


def resume(session: Session, *, connection_id: UUID, now: datetime) -> None:
    """Send what waited for the credentials of a connection to work again."""
    columns = schedules.c
    held = (
        select(columns.id)
        .where(
            _of(None, None, connection_id),
            columns.status == Status.PENDING,
            columns.waiting_reason.in_(_WAITS_FOR_CREDENTIALS),
        )
        .order_by(columns.id)
        .with_for_update()
    )
    ids = session.scalars(held).all()
    if not ids:
        return
    resumed = session.execute(
        update(schedules)
        .where(among(columns.id, ids))
        .values(waiting_reason=None, held_until=None, updated_at=now)
        .returning(columns.id, columns.organization_id, columns.post_id)
    )
    happenings_in(session).record(
        *[
            Happened(
                what=Happening.SCHEDULE_UPDATED,
                subject_id=row.id,
                organization_id=row.organization_id,
                post_id=row.post_id,
                at=now,
                details={"waiting_reason": None},
            )
            for row in resumed
        ]
    )


def release_queued(session: Session, *, now: datetime) -> None:
    """Let every claim in a queue lapse: the queues are gone, with all that was in them."""
    session.execute(
        update(schedules).where(schedules.c.status == Status.QUEUED).values(lease_expires_at=now)
    )
    session.execute(delete(queued_claims))


def replan(session: Session, *, connection_id: UUID, now: datetime) -> None:
    """Have the scanner plan anew, in the order planned, what waits by a connection's policy."""
    columns = schedules.c
    held = (
        select(columns.id)
        .where(
            _of(None, None, connection_id),
            columns.status == Status.PENDING,
            columns.waiting_reason.in_(_WAITS_BY_POLICY),
            columns.held_until > now,
        )
        .order_by(columns.id)
        .with_for_update()
    )
    ids = session.scalars(held).all()
    session.execute(
        update(schedules).where(among(columns.id, ids)).values(held_until=now, updated_at=now)
    )


def _of(
    post_id: UUID | None, variant_id: UUID | None, connection_id: UUID | None
) -> ColumnElement[bool]:
    for column, value in (
        (schedules.c.post_id, post_id),
        (schedules.c.post_variant_id, variant_id),
        (schedules.c.channel_connection_id, connection_id),
    ):
        if value is not None:
            return (column == value) & schedules.c.deleted_at.is_(None)
    raise ValueError("name a post, a variant or a connection")
