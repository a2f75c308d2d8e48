"""Reads of series and slots, shaped for their answers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.kernel.actor import Actor
from shared.kernel.paging import Page, Paging
from shared.publishing.adapters.connections import ChannelsConnections
from shared.publishing.adapters.owners import IdentityOwners
from shared.publishing.adapters.posts import ContentPosts
from shared.publishing.adapters.reach import reached_through_connections
from shared.publishing.adapters.tables import posting_slots, recurrences, schedules
from shared.publishing.domain.agenda import MOST
from shared.publishing.domain.recurrence import Recurrence
from shared.publishing.domain.schedule import ACTIVE
from shared.publishing.domain.slot import Slot

A_FEW = 5
"""How many occurrences each series of a list shows."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """`coming` are the schedules of what comes next.

    `problem` is an error code: why nothing more is planned, as things stand.
    """

    recurrence: Recurrence
    coming: Sequence[Row[Any]]
    problem: str | None

    @property
    def next_at(self) -> datetime | None:
        """When the first of what is planned leaves, if nothing stands against it."""
        if self.problem or not self.coming:
            return None
        first: datetime = self.coming[0].run_at
        return first


@dataclass(frozen=True, kw_only=True)
class SeriesFilter:
    """Each `None` lets everything pass."""

    post_id: UUID | None = None
    post_variant_id: UUID | None = None
    channel_connection_id: UUID | None = None
    status: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        columns = recurrences.c
        wanted = {
            columns.post_id: self.post_id,
            columns.post_variant_id: self.post_variant_id,
            columns.channel_connection_id: self.channel_connection_id,
            columns.status: self.status,
        }
        return [column == value for column, value in wanted.items() if value is not None]


def list_series(actor: Actor, chosen: SeriesFilter, paging: Paging) -> Page[Series]:
    """A page of the series within the actor's reach, the newest first."""
    order = (recurrences.c.created_at.desc(), recurrences.c.id.desc())
    with transaction() as session:
        where = [
            *reached_through_connections(session, recurrences, actor),
            recurrences.c.deleted_at.is_(None),
            *chosen.conditions(),
        ]
        total = session.scalar(select(func.count()).select_from(recurrences).where(*where)) or 0
        query = select(Recurrence).where(*where).order_by(*order)
        found = session.scalars(query.limit(paging.limit).offset(paging.offset)).all()
        return Page(items=_look(session, found, each=A_FEW), total=total)


def series(actor: Actor, recurrence_id: UUID) -> Series:
    """A live series with all that is planned of it."""
    with transaction() as session:
        query = select(Recurrence).where(
            recurrences.c.id == recurrence_id, recurrences.c.deleted_at.is_(None)
        )
        found = actor.own(session.scalars(query).one_or_none(), "recurrence")
        if actor.channels is not None:
            connections = ChannelsConnections(session)
            actor.in_organization(connections.connection(found.channel_connection_id), "connection")
        return _look(session, [found], each=MOST)[0]


def slots(actor: Actor, connection_id: UUID | None) -> Sequence[Slot]:
    """The slots within the actor's reach, or those of one connection, from Monday on."""
    columns = posting_slots.c
    order = (columns.channel_connection_id, columns.weekday, columns.local_time, columns.timezone)
    with transaction() as session:
        query = select(Slot).where(*reached_through_connections(session, posting_slots, actor))
        if connection_id is not None:
            query = query.where(columns.channel_connection_id == connection_id)
        return session.scalars(query.order_by(*order)).all()


def _look(session: Session, found: Sequence[Recurrence], *, each: int) -> list[Series]:
    coming = _coming(session, [one.id for one in found], each)
    problems = _problems(session, [one for one in found if one.is_going_on])
    return [
        Series(
            recurrence=one,
            coming=coming[one.id],
            problem=problems.get(one.id),
        )
        for one in found
    ]


def _coming(session: Session, ids: Sequence[UUID], each: int) -> Mapping[UUID, list[Row[Any]]]:
    columns = schedules.c
    place = func.row_number().over(
        partition_by=columns.recurrence_id, order_by=(columns.run_at, columns.id)
    )
    ranked = (
        select(columns.id, place.label("place"))
        .where(
            columns.recurrence_id.in_(ids),
            columns.part == 0,
            columns.status.in_(ACTIVE),
            columns.deleted_at.is_(None),
        )
        .subquery()
    )
    rows = session.execute(
        select(schedules)
        .join(ranked, ranked.c.id == columns.id)
        .where(ranked.c.place <= each)
        .order_by(columns.run_at, columns.id)
    )
    found: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.recurrence_id].append(row)
    return found


def _problems(session: Session, found: Sequence[Recurrence]) -> dict[UUID, str]:
    """In the words in which single schedules are skipped."""
    variants = ContentPosts(session).live({one.post_variant_id for one in found})
    connections = ChannelsConnections(session).connections(
        {one.channel_connection_id for one in found}
    )
    owners = IdentityOwners(session).active({one.created_by for one in found})
    problems = {}
    for one in found:
        connection = connections[one.channel_connection_id]
        if one.post_variant_id not in variants:
            problems[one.id] = "POST_DELETED"
        elif connection.is_disconnected:
            problems[one.id] = "CONNECTION_DISCONNECTED"
        elif not connection.is_connected:
            problems[one.id] = "CONNECTION_ERROR"
        elif one.created_by not in owners:
            problems[one.id] = "OWNER_DISABLED"
    return problems
