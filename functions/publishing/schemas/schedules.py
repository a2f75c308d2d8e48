"""Schedules, as they are shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from functions.envelopes import WarningOut
from functions.publishing.schemas.attempts import ActionRequired, ErrorClass, PublishEventOut
from shared.kernel.errors import DomainError, NotFound
from shared.publishing.application.placement import Scheduled
from shared.publishing.domain.local_time import to_local
from shared.publishing.domain.schedule import Status
from shared.publishing.domain.version import version_of
from shared.publishing.domain.waiting import WaitingReason


class ScheduleOut(BaseModel):
    """What leaves where and when, and how far it has come.

    While it waits, `planned_at` is when it leaves as things stand, and `waiting_reason` why not
    when it was wished; with `CONNECTION_ERROR`, `planned_at` is when it will be too late. While it
    is `processing` and has an `error_class`, it may have been sent, and `planned_at` is when the
    network is asked again. Of what was skipped, `error_code` and `error_message` tell why.
    `external_url` is where it was published.

    In a thread, `part` counts from the root, which is 0, and `delay_seconds` from the part before
    it. In a series, `occurrence_at` is the moment its rule gave.
    """

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
    planned_at: datetime | None
    waiting_reason: WaitingReason | None
    error_class: ErrorClass
    error_code: str | None
    error_message: str | None
    action_required: ActionRequired
    external_post_id: str | None = None
    external_url: str | None = None
    part: int
    root_schedule_id: UUID | None
    delay_seconds: int
    recurrence_id: UUID | None
    occurrence_at: datetime | None
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

    @computed_field  # type: ignore[prop-decorator]
    @property
    def version(self) -> str:
        """Another one after each change: see `If-Match`."""
        return version_of(self.updated_at)


class ScheduledOut(BaseModel):
    """`follow_ups` are the other parts of a thread, in their order."""

    data: ScheduleOut
    follow_ups: list[ScheduleOut]
    warnings: list[WarningOut]

    @classmethod
    def of(cls, scheduled: Scheduled) -> Self:
        return cls(
            data=ScheduleOut.model_validate(scheduled.schedule),
            follow_ups=[ScheduleOut.model_validate(part) for part in scheduled.follow_ups],
            warnings=[WarningOut.model_validate(warning) for warning in scheduled.warnings],
        )


class RefusedOut(BaseModel):
    """Which schedule of several was left as it is, and why."""

    schedule_id: str
    error_code: str
    error_description: str

    @classmethod
    def each(
        cls, asked: Mapping[UUID | str, str], refused: Mapping[Any, DomainError]
    ) -> list[Self]:
        """`asked` has those that are no ids under what was written in their stead."""
        unknown = NotFound("SCHEDULE_NOT_FOUND", "There is no such schedule")
        return [
            cls(schedule_id=written, error_code=error.code, error_description=error.description)
            for key, written in asked.items()
            if (error := unknown if isinstance(key, str) else refused.get(key))
        ]


class CancelledOut(BaseModel):
    """How many were cancelled and how many were not, and why each of these was not."""

    cancelled: int
    failed: int
    errors: list[RefusedOut]

    @classmethod
    def of(cls, asked: Mapping[UUID | str, str], refused: Mapping[UUID, DomainError]) -> Self:
        errors = RefusedOut.each(asked, refused)
        return cls(cancelled=len(asked) - len(errors), failed=len(errors), errors=errors)


class ScheduleDetailOut(BaseModel):
    schedule: ScheduleOut
    publish_events: Sequence[PublishEventOut]

    @property
    def version(self) -> str:
        return self.schedule.version

    @classmethod
    def of(cls, schedule: object, events: Sequence[object]) -> Self:
        return cls(
            schedule=ScheduleOut.model_validate(schedule),
            publish_events=[PublishEventOut.model_validate(event) for event in events],
        )
