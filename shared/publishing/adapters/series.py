"""Series and slots in PostgreSQL, with all that schedules have, in one transaction."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, delete, func, select
from sqlalchemy.orm import Session

from shared.infrastructure.database import among, transaction
from shared.publishing.adapters.postgres import PostgresPublishing
from shared.publishing.adapters.tables import posting_slots, recurrences, schedules
from shared.publishing.domain.recurrence import Recurrence, RecurrenceStatus
from shared.publishing.domain.schedule import ACTIVE, CANCELLABLE, Schedule, Status
from shared.publishing.domain.slot import Slot

_FREE = (Status.CANCELLED, Status.SKIPPED, Status.FAILED)
"""What has one of these does not take a slot."""


class PostgresRecurrences:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, recurrence: Recurrence) -> None:
        self._session.add(recurrence)
        self._session.flush()

    def get_for_update(self, recurrence_id: UUID) -> Recurrence | None:
        query = _live().where(recurrences.c.id == recurrence_id)
        return self._session.scalars(query.with_for_update(key_share=True)).one_or_none()

    def wanting(self, *, until: datetime) -> Sequence[UUID]:
        query = select(recurrences.c.id).where(*_wanting(until))
        return self._session.scalars(query.order_by(recurrences.c.planned_until)).all()

    def take(self, recurrence_id: UUID, *, until: datetime) -> Recurrence | None:
        query = _live().where(recurrences.c.id == recurrence_id, *_wanting(until))
        held = query.with_for_update(key_share=True, skip_locked=True)
        return self._session.scalars(held).one_or_none()

    def known(self, recurrence_id: UUID, *, after: datetime) -> Mapping[datetime, bool]:
        is_to_come = schedules.c.status.in_(ACTIVE) & schedules.c.deleted_at.is_(None)
        rows = self._session.execute(
            select(schedules.c.occurrence_at, is_to_come.label("is_to_come")).where(
                schedules.c.recurrence_id == recurrence_id,
                schedules.c.occurrence_at > after,
                schedules.c.part == 0,
            )
        )
        return {row.occurrence_at: row.is_to_come for row in rows}

    def untouched(self, recurrence_id: UUID, *, after: datetime) -> Sequence[Schedule]:
        columns = schedules.c
        query = (
            select(Schedule)
            .where(
                columns.recurrence_id == recurrence_id,
                columns.occurrence_at > after,
                columns.run_at == columns.occurrence_at,
                columns.part == 0,
                columns.status.in_(CANCELLABLE),
                columns.deleted_at.is_(None),
            )
            .order_by(columns.id)
            .with_for_update()
        )
        return self._session.scalars(query).all()

    def remove(self, removed: Collection[Schedule]) -> None:
        ids = [each.id for each in removed]
        self._session.execute(delete(schedules).where(among(schedules.c.id, ids)))


class PostgresSlots:
    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(self, connection_id: UUID) -> None:
        name = cast(f"slots of {connection_id}", String)
        self._session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))

    def get(self, slot_id: UUID) -> Slot | None:
        query = select(Slot).where(posting_slots.c.id == slot_id)
        anew = query.execution_options(populate_existing=True)
        return self._session.scalars(anew).one_or_none()

    def of(self, connection_id: UUID) -> Sequence[Slot]:
        columns = posting_slots.c
        query = select(Slot).where(columns.channel_connection_id == connection_id)
        order = (columns.weekday, columns.local_time, columns.timezone)
        return self._session.scalars(query.order_by(*order)).all()

    def add(self, *slots: Slot) -> None:
        self._session.add_all(slots)
        self._session.flush()

    def remove(self, *slots: Slot) -> None:
        for slot in slots:
            self._session.delete(slot)
        self._session.flush()

    def taken(
        self, connection_id: UUID, *, after: datetime, until: datetime
    ) -> Mapping[datetime, UUID]:
        columns = schedules.c
        minute = func.date_trunc("minute", columns.run_at).label("minute")
        rows = self._session.execute(
            select(minute, columns.id).where(
                columns.channel_connection_id == connection_id,
                columns.run_at > after,
                columns.run_at < until,
                columns.part == 0,
                columns.status.not_in(_FREE),
                columns.deleted_at.is_(None),
            )
        )
        return {row.minute: row.id for row in rows}


class PostgresSeries(PostgresPublishing):
    """The unit of work."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.recurrences = PostgresRecurrences(session)
        self.slots = PostgresSlots(session)


@contextmanager
def begin_series() -> Iterator[PostgresSeries]:
    with transaction() as session:
        yield PostgresSeries(session)


def _live() -> Select[Recurrence]:
    return select(Recurrence).where(recurrences.c.deleted_at.is_(None))


def _wanting(until: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        recurrences.c.status == RecurrenceStatus.ACTIVE,
        recurrences.c.deleted_at.is_(None),
        recurrences.c.planned_until < until,
    )
