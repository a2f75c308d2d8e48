"""What the schedule routes take and give."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field, model_validator
from pydantic_core import PydanticCustomError

from shared.publishing.domain.local_time import to_local

RUN_AT = (
    "ISO 8601. With an offset it is that instant; without one it is local time in `timezone`:"
    " in the hour that daylight saving skips it moves forward, in the hour that comes twice"
    " the first one is meant."
)


class ScheduleVariant(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "post_variant_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                    "channel_connection_id": "01890a5d-ac96-774b-bcce-b302099a8058",
                    "run_at": "2027-03-01T09:00:00",
                    "timezone": "Europe/Berlin",
                }
            ]
        }
    )

    post_variant_id: UUID
    channel_connection_id: UUID
    run_at: datetime = Field(description=RUN_AT)
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
    run_at: datetime | None = Field(None, description=RUN_AT)
    timezone: str | None = Field(None, max_length=100)


class CancelSchedule(BaseModel):
    reason: str | None = Field(None, max_length=500)


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
    status: str
    attempt_count: int
    last_attempt_at: datetime | None
    next_attempt_at: datetime
    error_class: str | None
    error_code: str | None
    error_message: str | None
    action_required: str | None
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


class PublishEventOut(BaseModel):
    """One attempt; `responsible` is who must act: user, platform or system."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    attempt: int
    status: str
    started_at: datetime
    finished_at: datetime | None
    external_post_id: str | None
    external_url: str | None
    error_class: str | None
    error_code: str | None
    error_message: str | None
    responsible: str | None
    action_required: str | None

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


class ListMeta(BaseModel):
    total: int
    limit: int
    offset: int


class SchedulesOut(BaseModel):
    data: Sequence[ScheduleOut]
    meta: ListMeta

    @classmethod
    def of(cls, rows: Sequence[Any], meta: ListMeta) -> Self:
        return cls(data=[ScheduleOut.model_validate(row) for row in rows], meta=meta)
