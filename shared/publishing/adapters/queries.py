"""Reads of publishing, shaped for their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select

from shared.infrastructure.database import transaction
from shared.kernel.actor import Actor
from shared.kernel.ids import OrganizationId
from shared.kernel.paging import Page, Paging
from shared.publishing.adapters.tables import publish_events, schedules

CALENDAR_LIMIT = 1000


@dataclass(frozen=True, kw_only=True)
class ScheduleFilter:
    """Each `None` lets everything pass; `run_at_to` is not included."""

    post_id: UUID | None = None
    post_variant_id: UUID | None = None
    channel_connection_id: UUID | None = None
    status: str | None = None
    run_at_from: datetime | None = None
    run_at_to: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        columns = schedules.c
        wanted = {
            columns.post_id: self.post_id,
            columns.post_variant_id: self.post_variant_id,
            columns.channel_connection_id: self.channel_connection_id,
            columns.status: self.status,
        }
        found = [column == value for column, value in wanted.items() if value is not None]
        if self.run_at_from is not None:
            found.append(columns.run_at >= self.run_at_from)
        if self.run_at_to is not None:
            found.append(columns.run_at < self.run_at_to)
        return found


def list_schedules(
    organization_id: OrganizationId, chosen: ScheduleFilter, paging: Paging
) -> Page[Row[Any]]:
    """A page of an organization's schedules, the next to leave first."""
    where = [*_live(organization_id), *chosen.conditions()]
    order = (schedules.c.run_at, schedules.c.id)
    with transaction() as session:
        total = session.scalar(select(func.count()).select_from(schedules).where(*where)) or 0
        rows = session.execute(
            select(schedules)
            .where(*where)
            .order_by(*order)
            .limit(paging.limit)
            .offset(paging.offset)
        ).all()
    return Page(items=rows, total=total)


def calendar(organization_id: OrganizationId, chosen: ScheduleFilter) -> Sequence[Row[Any]]:
    """Everything in a range, at most `CALENDAR_LIMIT`."""
    query = (
        select(schedules)
        .where(*_live(organization_id), *chosen.conditions())
        .order_by(schedules.c.run_at, schedules.c.id)
        .limit(CALENDAR_LIMIT)
    )
    with transaction() as session:
        return session.execute(query).all()


def schedule_with_events(actor: Actor, schedule_id: UUID) -> tuple[Row[Any], Sequence[Row[Any]]]:
    """A live schedule and its ledger, the first attempt first."""
    with transaction() as session:
        found: Any = session.execute(
            select(schedules).where(schedules.c.id == schedule_id, schedules.c.deleted_at.is_(None))
        ).one_or_none()
        schedule: Row[Any] = actor.own(found, "schedule")
        events = session.execute(
            select(publish_events)
            .where(publish_events.c.schedule_id == schedule_id)
            .order_by(publish_events.c.attempt)
        ).all()
    return schedule, events


def _live(organization_id: OrganizationId) -> list[ColumnElement[bool]]:
    return [
        schedules.c.organization_id == organization_id,
        schedules.c.deleted_at.is_(None),
    ]
