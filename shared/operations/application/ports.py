"""What the outbox's use cases need from the world."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.operations.domain.audit import AuditEntry
from shared.operations.domain.outbox import Ending, OutboxMessage


class Departures(Protocol):
    """Messages on their way out."""

    def are_due(self, *, now: datetime) -> bool: ...

    def claim(self, *, now: datetime, limit: int) -> Mapping[str, Sequence[UUID]]:
        """Count an attempt of some that are due, and give up those that had their last.

        Answers the ids of those to hand over, by queue. None of them is due again before its
        backoff is over.
        """

    def release(self, message_ids: Collection[UUID], *, now: datetime) -> None:
        """Undo a claim: the attempt was none."""

    def forget_done(self, *, before: datetime, limit: int) -> int:
        """Delete some that were done before then; answers how many."""

    def empty_failed(self, *, before: datetime, limit: int) -> int:
        """Take the bodies from some that were given up before then; answers how many."""


class Queues(Protocol):
    def connect(self) -> None:
        """Make sure that the broker can be reached.

        Raises:
            Unavailable: `BROKER_UNAVAILABLE`.
        """

    def send(self, queue: str, message_ids: Sequence[UUID]) -> None:
        """Hand over.

        Raises:
            Unavailable: `BROKER_UNAVAILABLE`; some may have been taken.
        """


class Arrivals(Protocol):
    """Messages in the hands of whoever does what they ask for."""

    def take(
        self, queue: str, message_ids: Collection[UUID], *, now: datetime
    ) -> Sequence[OutboxMessage]:
        """Those of `queue` that still wait and are nobody's, for a lease; oldest first."""

    def record(self, message_id: UUID, ending: Ending, *, now: datetime) -> None:
        """Write down how it ended; what was tried for the last time ends for good."""

    def put_back(self, message_ids: Collection[UUID], *, now: datetime) -> None:
        """Nobody got to them: they are due, and the attempt was none."""


class AuditLogs(Protocol):
    def add(self, entry: AuditEntry, *, now: datetime) -> None:
        """Add an entry; nothing happens where it is there."""


BeginRelay = Callable[[], AbstractContextManager[Departures]]
BeginWork = Callable[[], AbstractContextManager[Arrivals]]
BeginAudit = Callable[[], AbstractContextManager[AuditLogs]]
