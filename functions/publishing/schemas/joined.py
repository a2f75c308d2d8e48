"""Schedules, as they are shown with what they name."""

from collections.abc import Collection
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from functions.publishing.schemas.schedules import ScheduleOut
from shared.content.domain.post_status import PostStatus
from shared.publishing.adapters.joined import PARTS, Joined
from shared.publishing.adapters.queries import CALENDAR_LIMIT
from shared.publishing.domain.calendar_range import CalendarRange
from shared.publishing.domain.local_time import to_local


class PostCardOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str | None
    status: PostStatus
    tags: list[str]


class VariantCardOut(BaseModel):
    """`excerpt` is the beginning of what it says."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    channel_id: str = Field(validation_alias="channel")
    excerpt: str


class ConnectionCardOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    display_name: str
    account_username: str
    account_avatar: str | None
    status: str


class JoinedScheduleOut(ScheduleOut):
    """The parts that were asked for are there, and null where the caller may not see them."""

    post: PostCardOut | None = None
    variant: VariantCardOut | None = None
    connection: ConnectionCardOut | None = None

    @classmethod
    def of(cls, joined: Joined, parts: Collection[str] = PARTS, **more: str) -> Self:
        """What is not among `parts` is unset."""
        shown = {part: getattr(joined, part) for part in parts}
        schedule = joined.schedule._mapping  # noqa: SLF001 its public name
        return cls.model_validate({**schedule, **shown, **more})


class CalendarItemOut(JoinedScheduleOut):
    """`run_at_local` is on the clock that was asked for, `timezone` the author's."""

    shown_in: str = Field(exclude=True)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def run_at_local(self) -> str:
        """The moment on the clock that was asked for, with its offset."""
        return to_local(self.run_at, self.shown_in).isoformat()


class CalendarMetaOut(BaseModel):
    """`truncated`: there is more, and the last of it was left out."""

    from_date: datetime
    to_date: datetime
    timezone: str
    limit: int = CALENDAR_LIMIT
    truncated: bool


class CalendarOut(BaseModel):
    data: list[CalendarItemOut]
    meta: CalendarMetaOut

    @classmethod
    def of(
        cls, shown: list[Joined], between: CalendarRange, *, timezone: str, is_truncated: bool
    ) -> Self:
        return cls(
            data=[CalendarItemOut.of(each, shown_in=timezone) for each in shown],
            meta=CalendarMetaOut(
                from_date=between.start,
                to_date=between.end,
                timezone=timezone,
                truncated=is_truncated,
            ),
        )
