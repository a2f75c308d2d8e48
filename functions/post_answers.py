"""Posts and variants as they are answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, computed_field

from functions.envelopes import ChannelName
from shared.content.adapters.channels import find_channel
from shared.content.domain.post_status import PostStatus
from shared.content.domain.variant import VariantSource, VariantStatus


class PostOut(BaseModel):
    """`status` follows from the post's schedules; `published_at` is the first that succeeded.

    `version` grows with every change: with quotes it is the ETag, and what `If-Match` takes.
    """

    id: UUID
    title: str | None
    description: str
    tags: list[str]
    status: PostStatus
    metadata: dict[str, Any]
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    version: int


def _is_empty(value: object) -> bool:
    return not value


class FollowUpOut(BaseModel):
    """`media` where anything is shown."""

    content: str
    delay_seconds: int
    media: dict[str, Any] = Field({}, exclude_if=_is_empty)


class ValidationOut(BaseModel):
    """The length of the content as its network counts it, and how long it may be.

    What else would keep it from being sent, POST /variants/{id}/validate says.
    """

    character_count: int
    limit: int


class VariantOut(BaseModel):
    """`version` grows with every change: with quotes it is the ETag, and what `If-Match` takes."""

    id: UUID
    post_id: UUID
    channel_id: str = Field(validation_alias="channel")
    content: str
    thread: list[FollowUpOut]
    media: dict[str, Any]
    settings: dict[str, Any]
    tone: str | None
    source: VariantSource
    status: VariantStatus
    metadata: dict[str, Any]
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    version: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def channel(self) -> ChannelName:
        return ChannelName.of(find_channel(self.channel_id))

    @computed_field  # type: ignore[prop-decorator]
    @property
    def validation(self) -> ValidationOut:
        channel = find_channel(self.channel_id)
        return ValidationOut(
            character_count=channel.measure(self.content, self.settings), limit=channel.max_length
        )


class PostScheduleOut(BaseModel):
    id: UUID
    post_variant_id: UUID
    channel_connection_id: UUID
    channel_id: str = Field(validation_alias="channel")
    run_at: datetime
    timezone: str
    status: str
    part: int = Field(description="In a thread, counted from the root, which is 0")
    created_by: UUID


def _is_none(value: object) -> bool:
    return value is None


class PostInFullOut(PostOut):
    """`variants`, the newest first, and `schedules`, the next to leave first, if asked for."""

    variants: list[VariantOut] | None = Field(None, exclude_if=_is_none)
    schedules: list[PostScheduleOut] | None = Field(None, exclude_if=_is_none)


class ListedPostOut(PostOut):
    """Of schedules all count that are not deleted, whatever has become of them."""

    variants_count: int
    schedules_count: int


class DeletedPostOut(PostOut):
    deleted_at: datetime
    restorable_until: datetime
