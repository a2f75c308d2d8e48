"""What the schedule routes take."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from functions.filters import From, Slug, To
from functions.publishing.schemas.moments import (
    RUN_AT,
    DayOrMoment,
    Written,
    with_moment,
)
from shared.content.domain.post_status import PostStatus
from shared.kernel.paging import Paging
from shared.publishing.domain.schedule import Status

_EXAMPLE = {
    "post_variant_id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "channel_connection_id": "01890a5d-ac96-774b-bcce-b302099a8058",
    "timezone": "Europe/Berlin",
}


class ScheduleVariant(BaseModel):
    model_config = ConfigDict(json_schema_extra=with_moment(_EXAMPLE))

    post_variant_id: UUID
    channel_connection_id: UUID
    run_at: Written = Field(description=RUN_AT)
    timezone: str | None = Field(
        None, max_length=100, description="An IANA zone; by default the caller's own"
    )

    @model_validator(mode="before")
    @classmethod
    def _demand_all(cls, given: Any) -> Any:
        needed = ("post_variant_id", "channel_connection_id", "run_at")
        if isinstance(given, dict):
            missing = [name for name in needed if given.get(name) in (None, "")]
            if missing:
                raise PydanticCustomError(
                    "SCHEDULE_REQUIRED_FIELDS_MISSING",
                    "These are needed: {missing}",
                    {"missing": ", ".join(missing)},
                )
        return given


class Reschedule(BaseModel):
    """What is absent stays; a new zone alone keeps the time on the author's clock."""

    model_config = ConfigDict(json_schema_extra=with_moment({"timezone": "America/Lima"}))

    run_at: Written | None = Field(None, description=RUN_AT)
    timezone: str | None = Field(None, max_length=100)


Reason = Annotated[str | None, Field(max_length=500, examples=["The asparagus is sold out"])]


class CancelSchedule(BaseModel):
    reason: Reason = None


class CancelSchedules(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "schedule_ids": ["01890a5d-ac96-774b-bcce-b302099a8059"],
                    "reason": "The asparagus is sold out",
                }
            ]
        }
    )

    schedule_ids: list[Annotated[str, Field(max_length=100)]] = Field(
        min_length=1,
        max_length=500,
        description="One that is malformed is unknown; one that comes twice counts once",
    )
    reason: Reason = None

    def by_id(self) -> dict[UUID | str, str]:
        return by_id(self.schedule_ids)


def by_id(written: Iterable[str]) -> dict[UUID | str, str]:
    """Each once, as it was first written; the malformed ones under what was written."""
    found: dict[UUID | str, str] = {}
    for each in written:
        found.setdefault(_id(each), each)
    return found


def _id(written: str) -> UUID | str:
    try:
        return UUID(written)
    except ValueError:
        return written


def _separated(given: Any) -> Any:
    """Several of a kind: one after the other with commas, each for itself, or both."""
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        return given
    return [word for each in given for part in each.split(",") if (word := part.strip())]


_SEPARATED = BeforeValidator(_separated)


class _NarrowedDown(BaseModel):
    post_id: UUID | None = None
    post_variant_id: UUID | None = None
    channel_connection_id: UUID | None = None
    channel: Slug | None = Field(None, alias="channel_id")
    status: Annotated[list[Status], _SEPARATED] = Field(
        [], max_length=len(Status), description="Any of these, separated by commas"
    )
    tags: Annotated[list[str], _SEPARATED] = Field(
        [], max_length=50, description="Separated by commas; schedules of posts with any of them"
    )
    post_status: PostStatus | None = None


class ListSchedules(_NarrowedDown):
    recurrence_id: UUID | None = Field(
        None, description="The schedules of a series, whatever has become of each"
    )
    run_at_from: From = None
    run_at_to: To = None
    include: Annotated[list[Literal["post", "variant", "connection"]], _SEPARATED] = Field(
        [], max_length=3, description="What is shown with each, separated by commas"
    )
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)
    page: int | None = Field(
        None, ge=1, le=10_000, description="Instead of `offset`; the first is 1"
    )

    @model_validator(mode="after")
    def _demand_one_place(self) -> Self:
        if self.page is not None and self.offset:
            raise PydanticCustomError("VALIDATION_ERROR", "Give page or offset, not both")
        return self

    @property
    def paging(self) -> Paging:
        if self.page is not None:
            return Paging.numbered(self.page, size=self.limit)
        return Paging(limit=self.limit, offset=self.offset)


class ShowCalendar(_NarrowedDown):
    """Both ends are needed; only in words, so that what is missing has a code of its own."""

    from_date: DayOrMoment = Field(
        None, description="Required; a day, from its beginning, or a moment, which is included"
    )
    to_date: DayOrMoment = Field(
        None, description="Required; a day, until its end, or a moment, which is not included"
    )
    timezone: str | None = Field(
        None,
        max_length=100,
        description="The IANA zone of days, of times without an offset, and of `run_at_local`;"
        " by default the caller's own",
    )
