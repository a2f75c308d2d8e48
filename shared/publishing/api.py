"""What other contexts may ask of publishing; each runs in the caller's transaction."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from shared.publishing.adapters.posts import ContentPosts
from shared.publishing.adapters.tables import schedules
from shared.publishing.domain.schedule import ACTIVE, CANCELLABLE, Status


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


def cancel_active(
    session: Session,
    *,
    post_id: UUID | None = None,
    variant_id: UUID | None = None,
    connection_id: UUID | None = None,
    now: datetime,
) -> int:
    """Cancel what has not begun; answers how many. What is being sent goes on."""
    where = (
        _of(post_id, variant_id, connection_id),
        schedules.c.status.in_(CANCELLABLE),
    )
    held = select(schedules.c.id).where(*where).order_by(schedules.c.id).with_for_update()
    ids = session.scalars(held).all()
    if not ids:
        return 0
    posts = session.scalars(
        update(schedules)
        .where(schedules.c.id.in_(ids))
        .values(
            status=Status.CANCELLED,
            lease_expires_at=None,
            held_until=None,
            waiting_reason=None,
            cancelled_at=now,
            updated_at=now,
        )
        .returning(schedules.c.post_id)
    ).all()
    ContentPosts(session).follow(set(posts), now=now)
    return len(ids)


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
