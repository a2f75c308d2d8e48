"""What became of a post, attempt by attempt."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from functions.envelopes import Pagination
from functions.filters import Slug
from functions.publishing.schemas.attempts import AttemptStatus, PublishEventOut
from shared.kernel.paging import Paging
from shared.publishing.adapters.history import History


class ListPublishEvents(BaseModel):
    status: AttemptStatus | None = None
    channel_id: Slug | None = None
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)
    page: int | None = Field(None, ge=1, le=10_000, description="In place of `offset`")

    @model_validator(mode="after")
    def _demand_one_place(self) -> Self:
        if self.page is not None and self.offset:
            raise PydanticCustomError("VALIDATION_ERROR", "Give a page or an offset, not both")
        return self

    def paging(self) -> Paging:
        if self.page is not None:
            return Paging.numbered(self.page, size=self.limit)
        return Paging(limit=self.limit, offset=self.offset)


class PostBriefOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    title: str | None
    status: str


class SummaryOut(BaseModel):
    """Of the post's schedules, those apart that were cancelled, whatever the filters say.

    What was skipped has failed. `success_rate` is in percent of those that ended well or badly.
    """

    model_config = ConfigDict(from_attributes=True)

    total_publishes: int
    successful: int
    failed: int
    pending: int
    unknown: int
    success_rate: float | None


class PostPublishEventOut(PublishEventOut):
    schedule_id: UUID
    post_variant_id: UUID
    channel_id: str = Field(validation_alias="channel")
    channel_connection_id: UUID
    part: int


class AttemptFiltersOut(BaseModel):
    status: AttemptStatus | None
    channel_id: str | None


class PublishHistoryOut(BaseModel):
    post: PostBriefOut
    summary: SummaryOut
    data: Sequence[PostPublishEventOut]
    pagination: Pagination
    filters: AttemptFiltersOut

    @classmethod
    def of(cls, history: History, wanted: ListPublishEvents) -> Self:
        paging, events = wanted.paging(), history.events
        return cls(
            post=PostBriefOut.model_validate(history.post),
            summary=SummaryOut.model_validate(history.summary),
            data=[PostPublishEventOut.model_validate(event) for event in events.items],
            pagination=Pagination(limit=paging.limit, offset=paging.offset, total=events.total),
            filters=AttemptFiltersOut(status=wanted.status, channel_id=wanted.channel_id),
        )
