"""Records as they are asked for, and as they are answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, Self, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement

from functions.filters import From, To
from shared.kernel.errors import RuleViolation
from shared.kernel.happenings import Happening
from shared.kernel.retention import Kept
from shared.kernel.text import demand_storable
from shared.operations.adapters.record_lists import RecordFilter, RecordPage
from shared.operations.adapters.record_tables import request_logs

T = TypeVar("T")


def _storable(text: str) -> str:
    try:
        demand_storable(text)
    except RuleViolation as error:
        raise ValueError(error.description) from error
    return text


Word = Annotated[str, Field(max_length=255), AfterValidator(_storable)]
RequestId = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9._-]{1,128}$",
        description="The `X-Request-ID` of an answer",
    ),
]


class _Listed(BaseModel):
    begin: From = Field(None, alias="from")
    end: To = Field(None, alias="to")
    organization_id: UUID | None = Field(None, description="For root; without it, all of them")
    request_id: RequestId | None = None
    limit: int = Field(50, ge=1, le=200)
    cursor: Annotated[str, AfterValidator(_storable)] = Field(
        "", max_length=2_000, description="The `next_cursor` of the page before"
    )

    def wanted(self) -> RecordFilter:
        return RecordFilter(
            begin=self.begin,
            end=self.end,
            organization_id=self.organization_id,
            equal={"request_id": self.request_id, **self._equal()},
            where=self._where(),
        )

    def _equal(self) -> Mapping[str, Any]:
        """The fields that are columns of the same name."""
        return self.model_dump(exclude=set(_Listed.model_fields))

    def _where(self) -> Sequence[ColumnElement[bool]]:
        return ()


class ListRequests(_Listed):
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] | None = None
    path: Word | None = Field(
        None, description="As the contract writes it", examples=["/api/v1/posts/{post_id}"]
    )
    status: Literal["2xx", "3xx", "4xx", "5xx"] | None = None
    status_code: int | None = Field(None, ge=100, le=599)
    error_code: Word | None = None
    user_id: UUID | None = None
    slower_than_ms: float | None = Field(None, ge=0, le=1e9, allow_inf_nan=False)

    def _equal(self) -> Mapping[str, Any]:
        excluded = {*_Listed.model_fields, "status", "slower_than_ms"}
        return self.model_dump(exclude=excluded)

    def _where(self) -> Sequence[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.status is not None:
            lowest = int(self.status[0]) * 100
            found.append(request_logs.c.status_code.between(lowest, lowest + 99))
        if self.slower_than_ms is not None:
            found.append(request_logs.c.duration_ms > self.slower_than_ms)
        return found


_KEPT = {
    "INFO": Kept.MONTH,
    "WARNING": Kept.QUARTER,
    "ERROR": Kept.YEAR,
    "CRITICAL": Kept.FOR_GOOD,
}


class ListLogs(_Listed):
    level: Literal["INFO", "WARNING", "ERROR", "CRITICAL"] | None = None
    logger: Word | None = None
    event: Word | None = None
    function: Word | None = None

    def _equal(self) -> Mapping[str, Any]:
        """A level is in partitions of its own."""
        kept = _KEPT[self.level] if self.level else None
        return {**super()._equal(), "kept": kept}


class ListEvents(_Listed):
    name: Happening | None = None
    subject_id: UUID | None = None
    post_id: UUID | None = None
    actor_id: UUID | None = None


class ListEntries(_Listed):
    action: Word | None = None
    actor_id: UUID | None = None
    resource_type: Word | None = None
    resource_id: UUID | None = None


class _Record(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    organization_id: UUID | None
    request_id: str | None
    occurred_at: datetime


class RequestLogOut(_Record):
    """`principal_id` is the user's or the API key's; without one, nobody was proved to ask."""

    principal_type: str | None
    principal_id: UUID | None
    user_id: UUID | None
    method: str
    path: str
    status_code: int
    duration_ms: float
    request_bytes: int
    response_bytes: int
    error_code: str | None
    address: str | None
    user_agent: str | None
    function: str
    context: dict[str, Any]


class SystemLogOut(_Record):
    """`trace` is shown to root."""

    principal_type: str | None
    principal_id: UUID | None
    level: str
    logger: str
    event: str
    function: str
    context: dict[str, Any]
    trace: str | None


class BusinessEventOut(_Record):
    name: str
    subject_id: UUID
    post_id: UUID | None
    actor_id: UUID | None
    details: dict[str, Any]


class AuditEntryOut(_Record):
    action: str
    actor_id: UUID | None
    resource_type: str
    resource_id: UUID
    address: str | None
    user_agent: str | None
    details: dict[str, Any]
    recorded_at: datetime


class NextRecords(BaseModel):
    limit: int
    has_more: bool
    next_cursor: str | None


class RecordsOut(BaseModel, Generic[T]):
    """The newest first; nobody counts them."""

    data: Sequence[T]
    pagination: NextRecords

    @classmethod
    def of(cls, page: RecordPage, wanted: _Listed) -> Self:
        place = NextRecords(
            limit=wanted.limit,
            has_more=page.next_cursor is not None,
            next_cursor=page.next_cursor,
        )
        return cls.model_validate({"data": page.items, "pagination": place}, from_attributes=True)
