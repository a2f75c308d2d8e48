"""A bulk import: posts that were handed over at once and are written one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId, new_id

MOST_AT_A_TIME = 5
"""How many imports of an organization may be under way at a time: each keeps its whole body."""


class ImportFormat(StrEnum):
    CSV = "csv"
    JSON = "json"


class ImportStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    """To the end, whatever was wrong with some of the posts."""
    FAILED = "failed"
    """Before the end, for a reason that is not in the rows."""
    CANCELLED = "cancelled"


ENDED = frozenset({ImportStatus.DONE, ImportStatus.FAILED, ImportStatus.CANCELLED})


class ImportFailure(StrEnum):
    AUTHOR_GONE = "AUTHOR_GONE"
    """Whoever asked for it is no active member any more who may write posts."""
    INTERNAL_ERROR = "INTERNAL_ERROR"


@dataclass(frozen=True, kw_only=True)
class RowProblem:
    """Something wrong in a row; `column` is the path of what it concerns, if it is one thing."""

    row: int
    column: str | None
    code: str
    description: str


@dataclass(kw_only=True, eq=False)
class PostImport:
    """`total`, `processed`, `created` and `failed` count posts, however many rows each has.

    The posts before `processed` have been judged, and written if they were to be: that moves
    together with them, in one transaction, so that none is left out or written twice. `body` is
    what was handed over, until the import has ended. `channels` are the only ones that whoever
    asked for it may use; None: all there are.
    """

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    channels: list[str] | None
    format: ImportFormat
    dry_run: bool
    all_or_nothing: bool
    total: int
    created_at: datetime
    body: bytes | None = field(repr=False)
    status: ImportStatus = ImportStatus.QUEUED
    processed: int = 0
    created: int = 0
    failed: int = 0
    failure: ImportFailure | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @classmethod
    def ask(
        cls,
        *,
        organization_id: OrganizationId,
        created_by: UUID,
        channels: Sequence[str] | None,
        format_: ImportFormat,
        dry_run: bool,
        all_or_nothing: bool,
        total: int,
        body: bytes,
        now: datetime,
    ) -> "PostImport":
        return cls(
            id=new_id(),
            organization_id=organization_id,
            created_by=created_by,
            channels=None if channels is None else list(channels),
            format=format_,
            dry_run=dry_run,
            all_or_nothing=all_or_nothing,
            total=total,
            body=body,
            created_at=now,
        )

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def is_judged(self) -> bool:
        """Whether no post is left to look at."""
        return self.processed == self.total

    def may_use(self, channel: str) -> bool:
        return self.channels is None or channel in self.channels

    def begin(self, *, now: datetime) -> None:
        """Nothing happens where it has begun."""
        if self.status == ImportStatus.QUEUED:
            self.status = ImportStatus.RUNNING
            self.started_at = now

    def advance(self, *, judged: int, created: int, failed: int, now: datetime) -> None:
        """Count posts that were judged; the last ones end it."""
        self.processed += judged
        self.created += created
        self.failed += failed
        if self.is_judged:
            self._end(ImportStatus.DONE, now)

    def fail(self, failure: ImportFailure, *, now: datetime) -> None:
        """Give up; what has been created stays."""
        self.failure = failure
        self._end(ImportStatus.FAILED, now)

    def cancel(self, *, now: datetime) -> None:
        """Go no further; what has been created stays.

        Raises:
            Conflict: `IMPORT_ENDED`.
        """
        if self.has_ended:
            raise Conflict(
                "IMPORT_ENDED",
                f"An import that is {self.status} cannot be cancelled any more",
                meta={"status": self.status},
            )
        self._end(ImportStatus.CANCELLED, now)

    def _end(self, status: ImportStatus, now: datetime) -> None:
        self.status = status
        self.ended_at = now
        self.body = None
