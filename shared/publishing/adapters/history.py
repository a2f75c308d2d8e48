"""The attempts of all schedules of a post, and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from shared.content.api import posts
from shared.infrastructure.database import transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.paging import Page, Paging
from shared.publishing.adapters.tables import publish_events, schedules
from shared.publishing.domain.summary import Summary


@dataclass(frozen=True, kw_only=True)
class History:
    post: posts.PostView
    summary: Summary
    events: Page[Row[Any]]


def publish_history(
    actor: Actor, post_id: UUID, *, status: str | None, channel: str | None, paging: Paging
) -> History:
    """A live post's attempts, the newest first, of live schedules within the actor's reach."""
    where = [
        *within_reach(schedules, actor),
        schedules.c.post_id == post_id,
        schedules.c.deleted_at.is_(None),
    ]
    with transaction() as session:
        post = actor.in_organization(posts.post(session, post_id), "post")
        return History(
            post=post,
            summary=_summary(session, where),
            events=_events(session, where, status, channel, paging),
        )


def _summary(session: Session, where: Sequence[ColumnElement[bool]]) -> Summary:
    rows = session.execute(
        select(schedules.c.status, func.count()).where(*where).group_by(schedules.c.status)
    )
    return Summary.of(dict(rows.all()))


def _events(
    session: Session,
    of_post: Sequence[ColumnElement[bool]],
    status: str | None,
    channel: str | None,
    paging: Paging,
) -> Page[Row[Any]]:
    events = publish_events.c
    where = [*of_post]
    if status is not None:
        where.append(events.status == status)
    if channel is not None:
        where.append(schedules.c.channel == channel)
    joined = publish_events.join(schedules, events.schedule_id == schedules.c.id)
    total = session.scalar(select(func.count()).select_from(joined).where(*where)) or 0
    of_schedule: list[Any] = [
        schedules.c[name]
        for name in ("channel_connection_id", "post_variant_id", "channel", "part")
    ]
    rows = session.execute(
        select(
            *(column for column in events if column is not events.channel_connection_id),
            *of_schedule,
        )
        .select_from(joined)
        .where(*where)
        .order_by(events.started_at.desc(), events.id.desc())
        .limit(paging.limit)
        .offset(paging.offset)
    ).all()
    return Page(items=rows, total=total)
