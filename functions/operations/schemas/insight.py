"""What records come to: figures of paths, timelines, and the proof of an audit log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from functions.filters import From, To
from functions.operations.schemas.records import RequestId
from shared.kernel.errors import RuleViolation
from shared.operations.adapters.audit_chain import Proof
from shared.operations.adapters.request_stats import RequestStats
from shared.operations.domain.audit_chain import Head

_LONGEST = timedelta(days=31)
_USUAL = timedelta(days=1)


class AskStats(BaseModel):
    begin: From = Field(None, alias="from", description="By default a day before the end")
    end: To = Field(None, alias="to", description="By default now")
    organization_id: UUID | None = Field(None, description="For root; without it, all of them")

    def range(self, now: datetime) -> tuple[datetime, datetime]:
        """What is asked for.

        Raises:
            RuleViolation: `INVALID_RANGE`; nothing, or more than 31 days.
        """
        end = self.end or now
        usual = end - _USUAL if end.year > 1 else end
        begin = self.begin or usual
        if not timedelta() < end - begin <= _LONGEST:
            raise RuleViolation("INVALID_RANGE", "A range has 31 days at most", field="from")
        return begin, end


class RequestFiguresOut(BaseModel):
    """Rates are from 0 to 1; durations, of which half, 95 % and 99 % are no longer, in ms."""

    count: int
    error_rate: float
    client_error_rate: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None

    @classmethod
    def of(cls, row: Any, **more: Any) -> Self:
        count = row.requests
        return cls(
            count=count,
            error_rate=row.server_errors / count if count else 0,
            client_error_rate=row.client_errors / count if count else 0,
            p50_ms=row.p50_ms,
            p95_ms=row.p95_ms,
            p99_ms=row.p99_ms,
            **more,
        )


class PathFiguresOut(RequestFiguresOut):
    method: str
    path: str


class RequestStatsOut(BaseModel):
    """The busiest paths first, 200 at most."""

    begin: datetime = Field(serialization_alias="from")
    end: datetime = Field(serialization_alias="to")
    total: RequestFiguresOut
    paths: Sequence[PathFiguresOut]

    @classmethod
    def of(cls, stats: RequestStats, begin: datetime, end: datetime) -> Self:
        return cls(
            begin=begin,
            end=end,
            total=RequestFiguresOut.of(stats.total),
            paths=[PathFiguresOut.of(row, method=row.method, path=row.path) for row in stats.paths],
        )


class AskTimeline(BaseModel):
    post_id: UUID | None = Field(None, description="Or `request_id`")
    request_id: RequestId | None = None

    def demand_one(self) -> None:
        """Refuse to guess what is meant.

        Raises:
            RuleViolation: `VALIDATION_ERROR`.
        """
        if (self.post_id is None) == (self.request_id is None):
            raise RuleViolation("VALIDATION_ERROR", "Ask for a post_id or for a request_id")


class TimelineMomentOut(BaseModel):
    """`tier` is `request`, `log`, `event` or `audit`; `what` is its name in its tier."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    tier: str
    id: UUID
    what: str
    request_id: str | None
    actor_id: UUID | None
    subject_id: UUID | None
    details: dict[str, Any]


class TimelineOut(BaseModel):
    """In the order in which it happened; where not `is_complete`, there was more."""

    model_config = ConfigDict(from_attributes=True)

    moments: Sequence[TimelineMomentOut]
    is_complete: bool


class AskProof(BaseModel):
    organization_id: UUID | None = Field(None, description="For root; by default their own")
    position: int | None = Field(
        None, ge=1, lt=1 << 63, description="Of a head that was noted before, with its `hash`"
    )
    hash: str | None = Field(None, pattern=r"^[0-9a-f]{64}$")

    def noted(self) -> Head | None:
        """What the caller holds against the chain.

        Raises:
            RuleViolation: `VALIDATION_ERROR`; half of it.
        """
        if self.position is None and self.hash is None:
            return None
        if self.position is None or self.hash is None:
            raise RuleViolation("VALIDATION_ERROR", "A head is a position and a hash")
        return Head(position=self.position, hash=bytes.fromhex(self.hash))


class ChainHeadOut(BaseModel):
    position: int
    hash: str

    @classmethod
    def of(cls, head: Head) -> Self:
        return cls(position=head.position, hash=head.hash.hex())


class BrokenChainOut(BaseModel):
    """`ENTRY_CHANGED`, `ENTRY_MISSING`, `LINK_MISSING`, or `ENTRY_UNCHAINED` without a position."""

    model_config = ConfigDict(from_attributes=True)

    position: int | None
    entry_id: UUID
    reason: str


class AuditProofOut(BaseModel):
    """Whether each entry says what it said when it was chained to the one before.

    `unsealed` entries are chained within minutes. Note the `head`: held against a later chain, it
    shows whether its end was cut off, which nothing in the chain itself could; `is_known` answers.
    """

    is_intact: bool
    entries: int
    sealed: int
    unsealed: int
    head: ChainHeadOut | None
    is_known: bool | None
    broken: Sequence[BrokenChainOut]

    @classmethod
    def of(cls, proof: Proof) -> Self:
        return cls(
            is_intact=not proof.broken and proof.is_known is not False,
            entries=proof.entries,
            sealed=proof.sealed,
            unsealed=proof.unsealed,
            head=ChainHeadOut.of(proof.head) if proof.head else None,
            is_known=proof.is_known,
            broken=[BrokenChainOut.model_validate(each) for each in proof.broken],
        )
