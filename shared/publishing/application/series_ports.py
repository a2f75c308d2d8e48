"""What series and slots need from outside, beside all that schedules need."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.publishing.application.ports import PublishingUnitOfWork
from shared.publishing.domain.recurrence import Recurrence
from shared.publishing.domain.schedule import Schedule
from shared.publishing.domain.slot import Slot


class Recurrences(Protocol):
    """Live ones only; whoever plans, changes or ends one has locked it."""

    def add(self, recurrence: Recurrence) -> None: ...

    def get_for_update(self, recurrence_id: UUID) -> Recurrence | None:
        """The series, locked until the unit of work ends."""

    def wanting(self, *, until: datetime) -> Sequence[UUID]:
        """The active ones that are not planned so far, the most urgent first."""

    def take(self, recurrence_id: UUID, *, until: datetime) -> Recurrence | None:
        """One of these, locked, if it still is one of these and nobody else holds it."""

    def known(self, recurrence_id: UUID, *, after: datetime) -> Mapping[datetime, bool]:
        """The occurrences that were ever planned, and whether each is still to come."""

    def untouched(self, recurrence_id: UUID, *, after: datetime) -> Sequence[Schedule]:
        """Occurrences that are to be sent at the moment the rule gave, locked."""

    def remove(self, schedules: Collection[Schedule]) -> None:
        """As if they had never been planned; none of them was ever claimed."""


class Slots(Protocol):
    def hold(self, connection_id: UUID) -> None:
        """Let nobody else choose among a connection's slots until the unit of work ends."""

    def get(self, slot_id: UUID) -> Slot | None:
        """The slot as it is at this moment."""

    def of(self, connection_id: UUID) -> Sequence[Slot]: ...

    def add(self, *slots: Slot) -> None: ...

    def remove(self, *slots: Slot) -> None: ...

    def taken(
        self, connection_id: UUID, *, after: datetime, until: datetime
    ) -> Mapping[datetime, UUID]:
        """The minutes in which something leaves, and its schedule."""


class SeriesUnitOfWork(PublishingUnitOfWork, Protocol):
    """Everything inside one transaction; a series is locked before its schedules."""

    @property
    def recurrences(self) -> Recurrences: ...

    @property
    def slots(self) -> Slots: ...


BeginSeries = Callable[[], AbstractContextManager[SeriesUnitOfWork]]
