"""Posts, to other contexts, in the caller's transaction: what they are, how schedules move them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from shared.content.adapters.tables import post_variants, posts
from shared.content.domain.post_status import (
    PostStatus,
    demand_out_of_archive,
    status_after,
    status_awaiting,
)
from shared.infrastructure.database import among
from shared.infrastructure.pipelining import UNAWAITED, ask
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.ids import OrganizationId


@dataclass(frozen=True, kw_only=True)
class PostView:
    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    title: str | None
    status: str


def post(session: Session, post_id: UUID) -> PostView | None:
    """A live post."""
    row = session.execute(
        select(
            posts.c.id,
            posts.c.organization_id,
            posts.c.created_by,
            posts.c.title,
            posts.c.status,
        ).where(posts.c.id == post_id, posts.c.deleted_at.is_(None))
    ).one_or_none()
    return row and PostView(**row._mapping)  # noqa: SLF001 its public name


def reached(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """The live posts and variants among `ids` that the actor's permission reaches."""
    return {
        found
        for table in (posts, post_variants)
        for found in session.scalars(
            select(table.c.id).where(
                among(table.c.id, ids), table.c.deleted_at.is_(None), *within_reach(table, actor)
            )
        )
    }


_HOLD = text("""
    SELECT id, status, published_at FROM posts WHERE id = ANY(CAST(:ids AS uuid[]))
    ORDER BY id FOR NO KEY UPDATE
""")
_SET_STATUSES = text("""
    UPDATE posts
    SET status = following.status, updated_at = :now, version = version + 1,
        published_at = CASE WHEN id = ANY(CAST(:published AS uuid[])) THEN :now
                       ELSE published_at END
    FROM unnest(CAST(:ids AS uuid[]), CAST(:statuses AS text[])) AS following(post_id, status)
    WHERE id = post_id
""")


def follow_schedules(
    session: Session,
    post_ids: Collection[UUID],
    statuses_of: Callable[[Collection[UUID]], Mapping[UUID, Collection[str]]],
    now: datetime,
) -> None:
    """Make the posts' statuses what the statuses of their live schedules say.

    The posts are locked before these are asked for, or two callers would each miss the other's
    schedules; all lock them in one order, and not their keys: whoever has added a schedule to a
    post holds its key already, and two of them would wait for each other.

    Raises:
        Conflict: `POST_ARCHIVED`; one that is archived is to be sent.
    """
    held = ask(session, _HOLD, {"ids": list(post_ids)})
    statuses = statuses_of(post_ids)
    changed, published = {}, []
    for row in held.rows():
        was_published = row.published_at is not None
        words = statuses.get(row.id, ())
        demand_out_of_archive(row.status, words)
        status = status_after(row.status, words, was_published=was_published)
        is_first_success = not was_published and "success" in words
        if is_first_success:
            published.append(row.id)
        if status != row.status or is_first_success:
            changed[row.id] = status
    if changed:
        _set_statuses(session, changed, published, now)


def follow_new_schedules(session: Session, post_id: UUID, now: datetime) -> None:
    """Make a post's status what it is with more schedules, which are pending.

    However many it has, none of them is looked at: its status must have been right before.

    Raises:
        Conflict: `POST_ARCHIVED`.
    """
    for row in ask(session, _HOLD, {"ids": [post_id]}).rows():
        await_schedules(session, post_id, row.status, now)


def await_schedules(session: Session, post_id: UUID, status: str, now: datetime) -> None:
    """The same of a post that is held, and has this status.

    Raises:
        Conflict: `POST_ARCHIVED`.
    """
    awaiting = status_awaiting(PostStatus(status))
    if awaiting != status:
        _set_statuses(session, {post_id: awaiting}, [], now)


def _set_statuses(
    session: Session, changed: Mapping[UUID, str], published: Collection[UUID], now: datetime
) -> None:
    session.execute(
        _SET_STATUSES,
        {
            "ids": list(changed),
            "statuses": list(changed.values()),
            "published": list(published),
            "now": now,
        },
        execution_options=UNAWAITED,
    )
