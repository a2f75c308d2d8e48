"""What the schedule routes take."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from functions.publishing.schemas.moments import RUN_AT, Instant, Written, with_moment
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
        """Each once, as it was first written; the malformed ones under what was written."""
        written: dict[UUID | str, str] = {}
        for each in self.schedule_ids:
            written.setdefault(_id(each), each)
        return written


def _id(written: str) -> UUID | str:
    try:
        return UUID(written)
    except ValueError:
        return written


class _NarrowedDown(BaseModel):
    post_id: UUID | None = None
    post_variant_id: UUID | None = None
    channel_connection_id: UUID | None = None
    status: Status | None = None


class ListSchedules(_NarrowedDown):
    recurrence_id: UUID | None = Field(
        None, description="The schedules of a series, whatever has become of each"
    )
    run_at_from: Instant | None = Field(None, description="Included")
    run_at_to: Instant | None = Field(None, description="Not included")
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)


class ShowCalendar(_NarrowedDown):
    """Both ends are needed; only in words, so that what is missing has a code of its own."""

    from_date: Instant | None = Field(None, description="Required; included")
    to_date: Instant | None = Field(None, description="Required; not included")
