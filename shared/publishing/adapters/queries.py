"""Reads of publishing, shaped for their answers."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, case, func, select, true
from sqlalchemy.orm import Session

from shared.content.api.cards import chosen_posts
from shared.infrastructure.database import past_policies, transaction
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.paging import Page, Paging
from shared.publishing.adapters.joined import Joined, joined
from shared.publishing.adapters.tables import publish_events, schedules
from shared.publishing.domain.schedule import Status

CALENDAR_LIMIT = 1000

_ORDER = (schedules.c.run_at, schedules.c.id)


@dataclass(frozen=True, kw_only=True)
class ScheduleFilter:
    """What is `None` or empty lets everything pass; `run_at_to` is not included.

    Of `status` and of the post's `tags`, any will do.
    """

    post_id: UUID | None = None
    post_variant_id: UUID | None = None
    channel_connection_id: UUID | None = None
    recurrence_id: UUID | None = None
    channel: str | None = None
    status: Collection[Status] = ()
    tags: Collection[str] = ()
    post_status: str | None = None
    run_at_from: datetime | None = None
    run_at_to: datetime | None = None

    def conditions(self, actor: Actor) -> list[ColumnElement[bool]]:
        """What must hold of the schedules within the actor's reach.

        Raises:
            PermissionDenied: `FORBIDDEN`, to choose by posts without being let read them.
        """
        columns = schedules.c
        wanted = {
            columns.post_id: self.post_id,
            columns.post_variant_id: self.post_variant_id,
            columns.channel_connection_id: self.channel_connection_id,
            columns.recurrence_id: self.recurrence_id,
            columns.channel: self.channel,
        }
        found = [column == value for column, value in wanted.items() if value is not None]
        if self.status:
            found.append(columns.status.in_(self.status))
        if self.tags or self.post_status is not None:
            posts = chosen_posts(actor, tags=self.tags, status=self.post_status)
            found.append(columns.post_id.in_(posts))
        if self.run_at_from is not None:
            found.append(columns.run_at >= self.run_at_from)
        if self.run_at_to is not None:
            found.append(columns.run_at < self.run_at_to)
        return found


def list_schedules(
    actor: Actor, chosen: ScheduleFilter, paging: Paging, *, include: Collection[str] = ()
) -> Page[Joined]:
    """A page of the schedules within the actor's reach, the next to leave first.

    `include` names the parts that are asked for: see `PARTS`.
    """
    where = [*_live(actor), *chosen.conditions(actor)]
    with transaction() as session:
        with _looking(session, chosen):
            total = session.scalar(select(func.count()).select_from(schedules).where(*where)) or 0
            rows = session.execute(
                _shown(
                    select(schedules)
                    .where(*where)
                    .order_by(*_ORDER)
                    .limit(paging.limit)
                    .offset(paging.offset)
                )
            ).all()
        return Page(items=joined(session, actor, rows, include), total=total)


def calendar(actor: Actor, chosen: ScheduleFilter) -> tuple[list[Joined], bool]:
    """Everything in a range with all its parts, and whether it was more than `CALENDAR_LIMIT`.

    Of more, the last are left out.
    """
    query = (
        select(schedules)
        .where(*_live(actor), *chosen.conditions(actor))
        .order_by(*_ORDER)
        .limit(CALENDAR_LIMIT + 1)
    )
    with transaction() as session:
        with _looking(session, chosen):
            rows = session.execute(_shown(query)).all()
        shown = joined(session, actor, rows[:CALENDAR_LIMIT])
    return shown, len(rows) > CALENDAR_LIMIT


def schedule_with_events(actor: Actor, schedule_id: UUID) -> tuple[Row[Any], Sequence[Row[Any]]]:
    """A live schedule and its ledger, the first attempt first."""
    with transaction() as session:
        query = select(schedules).where(
            schedules.c.id == schedule_id, schedules.c.deleted_at.is_(None)
        )
        found: Any = session.execute(_shown(query)).one_or_none()
        schedule: Row[Any] = actor.own(found, "schedule")
        events = session.execute(
            select(publish_events)
            .where(publish_events.c.schedule_id == schedule_id)
            .order_by(publish_events.c.attempt)
        ).all()
    return schedule, events


@contextmanager
def _looking(session: Session, chosen: ScheduleFilter) -> Iterator[None]:
    """For the schedules that are chosen; by tags it is an index of lists that finds them."""
    with past_policies(session) if chosen.tags else nullcontext():
        yield


def _live(actor: Actor) -> list[ColumnElement[bool]]:
    return [*within_reach(schedules, actor), schedules.c.deleted_at.is_(None)]


def _shown(query: Select[Any]) -> Select[Any]:
    """The chosen schedules in their order, with what only the database or the ledger knows."""
    chosen = query.subquery()
    published = (
        select(publish_events.c.external_post_id, publish_events.c.external_url)
        .where(
            publish_events.c.schedule_id == chosen.c.id,
            publish_events.c.status == "success",
            chosen.c.status == Status.SUCCESS,
        )
        .order_by(publish_events.c.attempt.desc())
        .limit(1)
        .lateral()
    )
    is_looked_for = (chosen.c.status == Status.PROCESSING) & chosen.c.error_class.is_not(None)
    planned_at = case(
        (chosen.c.status == Status.PENDING, chosen.c.ripe_at),
        (is_looked_for, chosen.c.lease_expires_at),
    ).label("planned_at")
    return (
        select(chosen, planned_at, *published.c)
        .join_from(chosen, published, true(), isouter=True)
        .order_by(chosen.c.run_at, chosen.c.id)
    )
