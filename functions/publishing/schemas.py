"""What the schedule routes take and give."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    computed_field,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shared.kernel.clock import utc_now
from shared.publishing.application.schedule_variant import Warned
from shared.publishing.domain.local_time import to_local
from shared.publishing.domain.outcome import ACTION, CONFIRM, RESPONSIBLE
from shared.publishing.domain.schedule import Schedule, Status

RUN_AT = (
    "ISO 8601. With an offset it is that instant; without one it is local time in `timezone`:"
    " in the hour that daylight saving skips it moves forward, in the hour that comes twice"
    " the first one is meant."
)


_DATE_AND_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")

_EXAMPLE = {
    "post_variant_id": "01890a5d-ac96-774b-bcce-b302099a8057",
    "channel_connection_id": "01890a5d-ac96-774b-bcce-b302099a8058",
    "timezone": "Europe/Berlin",
}


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Instant = Annotated[datetime, AfterValidator(_utc)]
"""Without an offset it is UTC."""


def _written(moment: Any) -> Any:
    """Numbers would be taken for seconds since 1970, and a day alone for its midnight."""
    if not isinstance(moment, str) or not _DATE_AND_TIME.match(moment):
        raise PydanticCustomError("VALIDATION_ERROR", "Write it as 2027-03-01T09:00:00")
    return moment


Written = Annotated[datetime, BeforeValidator(_written)]


def _one_of(*words: str) -> Any:
    return Field(json_schema_extra={"enum": [*dict.fromkeys(words), None]})


ErrorClass = Annotated[str | None, _one_of(*RESPONSIBLE)]
Responsible = Annotated[str | None, _one_of(*RESPONSIBLE.values())]
ActionRequired = Annotated[str | None, _one_of(*ACTION.values(), CONFIRM)]


def _with_moment(example: dict[str, str]) -> Callable[[dict[str, Any]], None]:
    """An example that can be pasted, whenever the document is built: nine o'clock in a week."""

    def extend(schema: dict[str, Any]) -> None:
        moment = (utc_now() + timedelta(days=7)).replace(hour=9, minute=0, second=0, microsecond=0)
        schema["examples"] = [{**example, "run_at": moment.replace(tzinfo=None).isoformat()}]

    return extend


class ScheduleVariant(BaseModel):
    model_config = ConfigDict(json_schema_extra=_with_moment(_EXAMPLE))

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

    model_config = ConfigDict(json_schema_extra=_with_moment({"timezone": "America/Lima"}))

    run_at: Written | None = Field(None, description=RUN_AT)
    timezone: str | None = Field(None, max_length=100)


class CancelSchedule(BaseModel):
    reason: str | None = Field(None, max_length=500, examples=["The asparagus is sold out"])


class _NarrowedDown(BaseModel):
    post_id: UUID | None = None
    post_variant_id: UUID | None = None
    channel_connection_id: UUID | None = None
    status: Status | None = None


class ListSchedules(_NarrowedDown):
    run_at_from: Instant | None = Field(None, description="Included")
    run_at_to: Instant | None = Field(None, description="Not included")
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)


class ShowCalendar(_NarrowedDown):
    """Both ends are needed; only in words, so that what is missing has a code of its own."""

    from_date: Instant | None = Field(None, description="Required; included")
    to_date: Instant | None = Field(None, description="Required; not included")


class ScheduleOut(BaseModel):
    """`next_attempt_at` differs from `run_at` while a retry waits for its turn."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    post_id: UUID
    post_variant_id: UUID
    channel_connection_id: UUID
    channel_id: str = Field(validation_alias="channel")
    run_at: datetime
    timezone: str
    status: Status
    attempt_count: int
    last_attempt_at: datetime | None
    next_attempt_at: datetime
    error_class: ErrorClass
    error_code: str | None
    error_message: str | None
    action_required: ActionRequired
    cancelled_at: datetime | None
    cancellation_reason: str | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime

    @computed_field  # type: ignore[prop-decorator]
    @property
    def run_at_local(self) -> str:
        """The moment on the author's clock, with its offset."""
        return to_local(self.run_at, self.timezone).isoformat()


class WarningOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    code: str
    description: str


class ScheduledOut(BaseModel):
    data: ScheduleOut
    warnings: list[WarningOut]

    @classmethod
    def of(cls, schedule: Schedule, warnings: Sequence[Warned]) -> Self:
        return cls(
            data=ScheduleOut.model_validate(schedule),
            warnings=[WarningOut.model_validate(warning) for warning in warnings],
        )


class PublishEventOut(BaseModel):
    """One attempt; `responsible` is who must act: user, platform or system."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    attempt: int
    status: Literal["started", "success", "retried", "failed", "unknown"]
    started_at: datetime
    finished_at: datetime | None
    external_post_id: str | None
    external_url: str | None
    error_class: ErrorClass
    error_code: str | None
    error_message: str | None
    responsible: Responsible
    action_required: ActionRequired

    @computed_field  # type: ignore[prop-decorator]
    @property
    def response_time_ms(self) -> int | None:
        """From the start of the attempt to its recorded end."""
        if self.finished_at is None:
            return None
        return round((self.finished_at - self.started_at).total_seconds() * 1000)


class ScheduleDetailOut(BaseModel):
    schedule: ScheduleOut
    publish_events: Sequence[PublishEventOut]

    @classmethod
    def of(cls, schedule: object, events: Sequence[object]) -> Self:
        return cls(
            schedule=ScheduleOut.model_validate(schedule),
            publish_events=[PublishEventOut.model_validate(event) for event in events],
        )
