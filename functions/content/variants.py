"""Variants over HTTP: put a post into words for each network."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, computed_field

from functions.content.schemas import (
    Content,
    Document,
    Settings,
    Text,
    Thread,
    Tone,
    exemplified,
)
from functions.dependencies import requires
from functions.envelopes import ChannelName, Data
from functions.idempotency import IdempotentRoute
from shared.content.adapters import queries
from shared.content.adapters.channels import find_channel
from shared.content.adapters.postgres import begin
from shared.content.application.create_variant import create_variant
from shared.content.application.delete_variant import delete_variant
from shared.content.application.mark_variant_ready import mark_variant_ready
from shared.content.application.update_variant import update_variant
from shared.content.domain.thread import FollowUp
from shared.content.domain.variant import (
    VariantChanges,
    VariantSource,
    VariantStatus,
)
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now

router = APIRouter(prefix="/api/v1", tags=["variants"], route_class=IdempotentRoute)

Reader = Annotated[Actor, requires("posts:read")]
Writer = Annotated[Actor, requires("posts:write")]
Deleter = Annotated[Actor, requires("posts:delete")]
Force = Annotated[bool, Query(description="Cancel its schedules first")]

_EXAMPLE: dict[str, Any] = {
    "content": "The asparagus is here!",
    "thread": [{"content": "With potatoes, too", "delay_seconds": 60}],
    "tone": "cheerful",
    "media": {},
    "settings": {},
    "metadata": {},
}


class CreateVariant(BaseModel):
    model_config = ConfigDict(
        json_schema_extra=exemplified(
            {"channel_id": "mastodon", **_EXAMPLE, "settings": {"visibility": "unlisted"}},
            "channel_id",
            "content",
        )
    )

    channel_id: Text = Field(description="The slug of a network in GET /channels")
    content: Content = Field("", validate_default=True)
    thread: Thread | None = Field(None, description="Null or absent: none")
    media: Document = {}
    settings: Settings = {}
    tone: Tone | None = None
    metadata: Document = {}


class UpdateVariant(BaseModel):
    """What is absent stays; null clears, except the content."""

    model_config = ConfigDict(json_schema_extra=exemplified(_EXAMPLE))

    content: Content = ""
    thread: Thread | None = None
    media: Document | None = None
    settings: Settings | None = None
    tone: Tone | None = None
    metadata: Document | None = None


class FollowUpOut(BaseModel):
    content: str
    delay_seconds: int


class ValidationOut(BaseModel):
    """The length of the content as its network counts it, and how long it may be.

    What else would keep it from being sent, POST /variants/{id}/validate says.
    """

    character_count: int
    limit: int


class VariantOut(BaseModel):
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


@router.post("/posts/{post_id}/variants", status_code=201)
def create(post_id: UUID, body: CreateVariant, actor: Writer) -> Data[VariantOut]:
    """Put a post into words for a network, as a draft."""
    variant = create_variant(
        begin,
        find_channel,
        utc_now,
        actor=actor,
        post_id=post_id,
        channel_id=body.channel_id,
        content=body.content,
        thread=[cast("FollowUp", each.model_dump()) for each in body.thread or ()],
        media=body.media,
        settings=body.settings,
        tone=body.tone,
        metadata=body.metadata,
    )
    return Data[VariantOut].of(variant)


@router.get("/posts/{post_id}/variants")
def list_(post_id: UUID, actor: Reader) -> Data[list[VariantOut]]:
    """A post's variants, the newest first."""
    return Data[list[VariantOut]].of(queries.variants_of_post(actor, post_id))


@router.get("/variants/{variant_id}")
def get(variant_id: UUID, actor: Reader) -> Data[VariantOut]:
    """One variant."""
    return Data[VariantOut].of(queries.one_variant(actor, variant_id))


@router.patch("/variants/{variant_id}", responses=refuses(HTTPStatus.CONFLICT))
def update(variant_id: UUID, body: UpdateVariant, actor: Writer) -> Data[VariantOut]:
    """Edit a variant, while it is not published."""
    changes = cast("VariantChanges", body.model_dump(include=body.model_fields_set))
    variant = update_variant(
        begin, find_channel, utc_now, actor=actor, variant_id=variant_id, changes=changes
    )
    return Data[VariantOut].of(variant)


@router.post("/variants/{variant_id}/mark-ready", responses=refuses(HTTPStatus.BAD_REQUEST))
def mark_ready(variant_id: UUID, actor: Writer) -> Data[VariantOut]:
    """Declare a draft finished, if its network would take it."""
    variant = mark_variant_ready(begin, find_channel, utc_now, actor=actor, variant_id=variant_id)
    return Data[VariantOut].of(variant)


@router.delete("/variants/{variant_id}", status_code=204, responses=refuses(HTTPStatus.CONFLICT))
def delete(variant_id: UUID, actor: Deleter, *, force: Force = False) -> None:
    """Take a variant off every list; `force` cancels what is scheduled of it first."""
    delete_variant(begin, utc_now, actor=actor, variant_id=variant_id, force=force)


app = create_app("Variants")
app.include_router(router)
handler = lambda_handler(app)
