"""Variants over HTTP: put a post into words for each network."""

from http import HTTPStatus
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Query, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from functions.attached_media import AttachMedia, demand_words
from functions.content.schemas.fields import (
    Content,
    Document,
    Settings,
    Text,
    Thread,
    Tone,
)
from functions.dependencies import requires
from functions.envelopes import Data
from functions.fields import exemplified
from functions.idempotency import IdempotentRoute
from functions.post_answers import VariantOut
from functions.routing import Router
from functions.versions import IfMatch, versioned
from shared.content.adapters import fitting, queries
from shared.content.adapters.channels import find_channel
from shared.content.adapters.postgres import begin
from shared.content.application.create_variant import create_variant
from shared.content.application.delete_variant import delete_variant
from shared.content.application.mark_variant_ready import mark_variant_ready
from shared.content.application.update_variant import update_variant
from shared.content.domain.variant import VariantChanges
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.operations.api.relay import wake_relay

router = Router(prefix="/api/v1", tags=["variants"], route_class=IdempotentRoute)

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
        )
    )

    channel_id: Text = Field(description="The slug of a network in GET /channels")
    media: AttachMedia = AttachMedia()
    content: Annotated[Content, AfterValidator(demand_words)] = Field("", validate_default=True)
    thread: Thread | None = Field(None, description="Null or absent: none")
    settings: Settings = {}
    tone: Tone | None = None
    metadata: Document = {}


class UpdateVariant(BaseModel):
    """What is absent stays; null clears, except the content."""

    model_config = ConfigDict(json_schema_extra=exemplified(_EXAMPLE))

    content: Content = ""
    thread: Thread | None = None
    media: AttachMedia | None = None
    settings: Settings | None = None
    tone: Tone | None = None
    metadata: Document | None = None

    @property
    def changes(self) -> VariantChanges:
        """What is given, null too."""
        given: dict[str, Any] = {
            **dict(self),
            "media": self.media and self.media.document,
            "thread": self.thread and [each.follow_up for each in self.thread],
        }
        wanted = {name: value for name, value in given.items() if name in self.model_fields_set}
        return cast("VariantChanges", wanted)


@router.post("/posts/{post_id}/variants", status_code=201)
def create(
    post_id: UUID, body: CreateVariant, actor: Writer, response: Response
) -> Data[VariantOut]:
    """Put a post into words for a network, as a draft."""
    variant = create_variant(
        fitting.begin,
        find_channel,
        utc_now,
        actor=actor,
        post_id=post_id,
        channel_id=body.channel_id,
        content=body.content,
        thread=[each.follow_up for each in body.thread or ()],
        media=body.media.document,
        settings=body.settings,
        tone=body.tone,
        metadata=body.metadata,
    )
    if body.media.items or body.thread:
        wake_relay()
    return versioned(response, Data[VariantOut].of(variant))


@router.get("/posts/{post_id}/variants")
def list_(post_id: UUID, actor: Reader) -> Data[list[VariantOut]]:
    """A post's variants, the newest first."""
    return Data[list[VariantOut]].of(queries.variants_of_post(actor, post_id))


@router.get("/variants/{variant_id}")
def get(variant_id: UUID, actor: Reader, response: Response) -> Data[VariantOut]:
    """One variant; its ETag is for `If-Match`."""
    variant = queries.one_variant(actor, variant_id)
    return versioned(response, Data[VariantOut].of(variant))


@router.patch(
    "/variants/{variant_id}",
    responses=refuses(HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED),
)
def update(
    variant_id: UUID, body: UpdateVariant, actor: Writer, expected: IfMatch, response: Response
) -> Data[VariantOut]:
    """Edit a variant, while it is not published."""
    variant = update_variant(
        fitting.begin,
        find_channel,
        utc_now,
        actor=actor,
        variant_id=variant_id,
        changes=body.changes,
        expected=expected,
    )
    if body.changes.keys() & {"media", "thread", "settings"}:
        wake_relay()
    return versioned(response, Data[VariantOut].of(variant))


@router.post("/variants/{variant_id}/mark-ready", responses=refuses(HTTPStatus.BAD_REQUEST))
def mark_ready(variant_id: UUID, actor: Writer, response: Response) -> Data[VariantOut]:
    """Declare a draft finished, if its network would take it."""
    variant = mark_variant_ready(begin, find_channel, utc_now, actor=actor, variant_id=variant_id)
    return versioned(response, Data[VariantOut].of(variant))


@router.delete(
    "/variants/{variant_id}",
    status_code=204,
    responses=refuses(HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED),
)
def delete(variant_id: UUID, actor: Deleter, expected: IfMatch, *, force: Force = False) -> None:
    """Take a variant off every list; `force` cancels what is scheduled of it first."""
    delete_variant(
        begin, utc_now, actor=actor, variant_id=variant_id, force=force, expected=expected
    )


app = create_app("Variants")
app.include_router(router)
handler = lambda_handler(app)
