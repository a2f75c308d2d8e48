"""Slots, as they are asked for and shown."""

import re
from datetime import datetime, time
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    computed_field,
)
from pydantic_core import PydanticCustomError

from shared.publishing.application.coming_slots import ComingSlot
from shared.publishing.domain.local_time import to_local
from shared.publishing.domain.slot import SLOTS, WeeklyTime

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_EXAMPLE: dict[str, JsonValue] = {"weekday": "monday", "time": "09:00", "timezone": "Europe/Berlin"}
_CONNECTION: dict[str, JsonValue] = {
    "channel_connection_id": "01890a5d-ac96-774b-bcce-b302099a8058"
}


def _weekday(given: Any) -> Any:
    if isinstance(given, str) and given.lower() in _DAYS:
        return _DAYS.index(given.lower())
    if isinstance(given, int) and not isinstance(given, bool) and given in range(len(_DAYS)):
        return given
    raise PydanticCustomError("VALIDATION_ERROR", "Write monday … sunday, or 0 … 6")


def _time(given: Any) -> Any:
    if not isinstance(given, str) or not _TIME.fullmatch(given):
        raise PydanticCustomError("VALIDATION_ERROR", "Write it as 09:00")
    return time.fromisoformat(given)


Weekday = Annotated[
    int,
    BeforeValidator(_weekday, json_schema_input_type=int | str),
    Field(description="0 is Monday; English names do as well"),
]
LocalTime = Annotated[
    time,
    BeforeValidator(_time, json_schema_input_type=str),
    Field(description="On the clock of `timezone`, HH:MM; daylight saving does not move it"),
]

ShownTime = Annotated[time, PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str)]


class SlotTime(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    weekday: Weekday
    time: LocalTime
    timezone: str | None = Field(
        None, max_length=100, description="An IANA zone; by default the caller's own"
    )

    def when(self, timezone: str) -> WeeklyTime:
        """`timezone` is that of whoever named none."""
        return WeeklyTime(
            weekday=self.weekday, local_time=self.time, timezone=self.timezone or timezone
        )


class AddSlot(SlotTime):
    model_config = ConfigDict(json_schema_extra={"examples": [{**_CONNECTION, **_EXAMPLE}]})

    channel_connection_id: UUID


class ReplaceSlots(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_CONNECTION, "slots": [_EXAMPLE]}]}
    )

    channel_connection_id: UUID
    slots: list[SlotTime] = Field(max_length=SLOTS, description="One that comes twice counts once")


class QueueVariant(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"post_variant_id": "01890a5d-ac96-774b-bcce-b302099a8057", **_CONNECTION}]
        }
    )

    post_variant_id: UUID
    channel_connection_id: UUID


class PreviewSlots(BaseModel):
    channel_connection_id: UUID
    count: int = Field(10, ge=1, le=50)


class SlotOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    channel_connection_id: UUID
    weekday: int
    time: ShownTime = Field(validation_alias="local_time")
    timezone: str
    created_by: UUID
    created_at: datetime

    @computed_field  # type: ignore[prop-decorator]
    @property
    def day(self) -> str:
        return _DAYS[self.weekday]


class ComingSlotOut(BaseModel):
    """A slot in a certain week; `schedule_id` is what has taken it."""

    slot_id: UUID
    run_at: datetime
    run_at_local: str
    timezone: str
    is_free: bool
    schedule_id: UUID | None

    @classmethod
    def of(cls, coming: ComingSlot) -> Self:
        slot, at = coming.opening.slot, coming.opening.at
        return cls(
            slot_id=slot.id,
            run_at=at,
            run_at_local=to_local(at, slot.timezone).isoformat(),
            timezone=slot.timezone,
            is_free=coming.schedule_id is None,
            schedule_id=coming.schedule_id,
        )
