"""Series, as they are asked for and shown."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from functions.publishing.schemas.moments import Written, with_moment
from shared.kernel.paging import Page
from shared.publishing.adapters.series_queries import Series
from shared.publishing.domain.agenda import MOST
from shared.publishing.domain.local_time import to_local
from shared.publishing.domain.recurrence import RecurrenceStatus
from shared.publishing.domain.recurrence_rule import RULE_LENGTH
from shared.publishing.domain.schedule import Status

_RULE = "FREQ=WEEKLY;BYDAY=MO,WE,FR"
_STARTS_AT = (
    "ISO 8601. The first occurrence is at this time or later, and it says what the rule leaves"
    " open. Without an offset it is local time in `timezone`. Daylight saving does not move the"
    " time on the clock; in the hour that it skips an occurrence moves forward, in the hour that"
    " comes twice it is the first one."
)
_IDS = {
    "post_variant_id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "channel_connection_id": "01890a5d-ac96-774b-bcce-b302099a8058",
}

Rule = Annotated[
    str,
    Field(
        description=f"RRULE of RFC 5545 without DTSTART, at most {RULE_LENGTH} characters; no two"
        " occurrences may be closer than 15 minutes",
        examples=[_RULE],
    ),
]
StartsAt = Annotated[Written, Field(description=_STARTS_AT)]
Zone = Annotated[
    str | None, Field(max_length=100, description="An IANA zone; by default the caller's own")
]


class PreviewRecurrence(BaseModel):
    model_config = ConfigDict(
        json_schema_extra=with_moment({"rule": _RULE, "timezone": "Europe/Berlin"}, "starts_at")
    )

    rule: Rule
    starts_at: StartsAt
    timezone: Zone = None
    count: int = Field(10, ge=1, le=MOST)


class CreateRecurrence(BaseModel):
    model_config = ConfigDict(
        json_schema_extra=with_moment(
            {**_IDS, "rule": _RULE, "timezone": "Europe/Berlin"}, "starts_at"
        )
    )

    post_variant_id: UUID
    channel_connection_id: UUID
    rule: Rule
    starts_at: StartsAt
    timezone: Zone = None


class ChangeRecurrence(BaseModel):
    """What is absent stays; a new zone alone keeps the time on the author's clock."""

    model_config = ConfigDict(
        json_schema_extra=with_moment({"rule": "FREQ=MONTHLY;BYDAY=-1FR"}, "starts_at")
    )

    rule: Rule | None = None
    starts_at: StartsAt | None = None
    timezone: str | None = Field(None, max_length=100)


class ListRecurrences(BaseModel):
    post_id: UUID | None = None
    post_variant_id: UUID | None = None
    channel_connection_id: UUID | None = None
    status: RecurrenceStatus | None = None
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)


class _Moment(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    run_at: datetime
    timezone: str = Field(exclude=True)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def run_at_local(self) -> str:
        """The moment on the author's clock, with its offset."""
        return to_local(self.run_at, self.timezone).isoformat()


class MomentOut(_Moment):
    pass


class OccurrenceOut(_Moment):
    """`occurrence_at` is the moment the rule gave; `run_at` differs where somebody moved it."""

    schedule_id: UUID = Field(validation_alias="id")
    occurrence_at: datetime
    status: Status


class PreviewOut(BaseModel):
    timezone: str
    occurrences: list[MomentOut]

    @classmethod
    def of(cls, moments: Iterable[datetime], timezone: str) -> Self:
        return cls(
            timezone=timezone,
            occurrences=[MomentOut(run_at=each, timezone=timezone) for each in moments],
        )


class RecurrenceOut(BaseModel):
    """`starts_at` is on the clock of `timezone`.

    `next_occurrences` are those planned, each a schedule that can be moved or cancelled by itself:
    those of some 14 days ahead, at most 50 of them, or the next one of a series that leaves less
    often; a list shows the first few. `problem` is an error code: why nothing more is planned,
    while the post, the connection or the owner is in no state for it. `next_at` is when the first
    of those planned leaves; there is none while there is a `problem`, or while nothing is planned.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    post_id: UUID
    post_variant_id: UUID
    channel_connection_id: UUID
    rule: str
    timezone: str
    starts_at: str = Field(validation_alias="starts_at_local")
    status: RecurrenceStatus
    problem: str | None = None
    next_at: datetime | None = None
    next_occurrences: list[OccurrenceOut] = []
    planned_until: datetime | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, series: Series) -> Self:
        return cls.model_validate(series.recurrence).model_copy(
            update={
                "problem": series.problem,
                "next_at": series.next_at,
                "next_occurrences": [OccurrenceOut.model_validate(each) for each in series.coming],
            }
        )

    @classmethod
    def page(cls, page: Page[Series]) -> Page[Self]:
        return Page(items=[cls.of(each) for each in page.items], total=page.total)
