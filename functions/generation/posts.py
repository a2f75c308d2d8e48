"""Whole posts over HTTP: have one written, with variants for its networks."""

from http import HTTPStatus
from typing import Annotated, Self, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from functions.dependencies import requires
from functions.envelopes import Data
from functions.fields import blank_if_absent, exemplified
from functions.generation.schemas.answers import GenerationMetadataOut
from functions.generation.schemas.requests import (
    Audience,
    ChannelIds,
    KeyPoints,
    TemplateValues,
    Tone,
    Topic,
)
from functions.idempotency import IdempotentRoute
from functions.post_answers import PostOut, VariantOut
from functions.routing import Router
from shared.content.adapters import markup
from shared.content.domain.rules import TITLE_LENGTH
from shared.generation.adapters.channels import find_channel
from shared.generation.adapters.postgres import begin
from shared.generation.adapters.writers import desk
from shared.generation.application.generate_post import GeneratedPost, Wish, generate_post
from shared.generation.domain.rules import SUGGESTIONS
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.operations.api.flags import AI_GENERATION, demand_enabled

router = Router(prefix="/api/v1/posts", tags=["posts"], route_class=IdempotentRoute)

Writer = Annotated[Actor, requires("posts:write")]


class GenerationContext(BaseModel):
    topic: Topic = Field("", validate_default=True)
    tone: Tone | None = None
    key_points: KeyPoints = []
    target_audience: Audience | None = None


class GenerationOptions(BaseModel):
    include_hashtags: bool = Field(default=True, strict=True)
    include_emojis: bool = Field(default=False, strict=True)
    variants_per_channel: int = Field(1, ge=1, le=SUGGESTIONS, strict=True)


class GeneratePost(BaseModel):
    model_config = ConfigDict(
        json_schema_extra=exemplified(
            {
                "context": {
                    "topic": "The spring menu is here",
                    "tone": "cheerful",
                    "key_points": ["Asparagus with potatoes", "Until the end of June"],
                    "target_audience": "Regulars",
                },
                "channels": ["mastodon", "bluesky"],
                "options": {
                    "include_hashtags": True,
                    "include_emojis": False,
                    "variants_per_channel": 1,
                },
            },
            "context",
            "channels",
        )
    )

    context: Annotated[GenerationContext, blank_if_absent({})] = Field(
        default_factory=lambda: cast("GenerationContext", {}), validate_default=True
    )
    channels: ChannelIds = Field([], validate_default=True)
    template_id: UUID | None = Field(None, description="Write along the lines of this template")
    template_values: TemplateValues = {}
    options: GenerationOptions = Field(default_factory=lambda: GenerationOptions.model_validate({}))


class PostMetadataOut(GenerationMetadataOut):
    """Besides: `missing_channels`, those for which nothing usable was written."""

    missing_channels: list[str] = Field(default_factory=list)


class GeneratedPostOut(PostOut):
    variants: list[VariantOut]
    generation_metadata: PostMetadataOut

    @classmethod
    def shown(cls, generated: GeneratedPost) -> Self:
        post = PostOut.model_validate(generated.post, from_attributes=True)
        told = PostMetadataOut.model_validate(generated.session, from_attributes=True)
        missing = {"missing_channels": list(generated.missing_channels)}
        return cls(
            **post.model_dump(),
            variants=[
                VariantOut.model_validate(each, from_attributes=True) for each in generated.variants
            ],
            generation_metadata=told.model_copy(update=missing),
        )


@router.post(
    "/generate",
    status_code=201,
    responses=refuses(HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY),
)
def generate(body: GeneratePost, actor: Writer) -> Data[GeneratedPostOut]:
    """Have a draft post written, with variants for its networks: all or nothing.

    Needs `generation:create` as well. What is given is what to write about, never what to do.
    While the flag `posts.ai_generation` is off: 403 `FEATURE_DISABLED`.
    """
    demand_enabled(AI_GENERATION, actor.organization_id)
    generated = generate_post(
        begin,
        desk(),
        markup,
        find_channel,
        utc_now,
        actor=actor,
        wish=Wish(
            topic=body.context.topic,
            tone=body.context.tone,
            key_points=body.context.key_points,
            target_audience=body.context.target_audience,
            include_hashtags=body.options.include_hashtags,
            include_emojis=body.options.include_emojis,
            variants_per_channel=body.options.variants_per_channel,
        ),
        channel_ids=body.channels,
        template_id=body.template_id,
        template_values=body.template_values,
        title_length=TITLE_LENGTH,
    )
    return Data[GeneratedPostOut](data=GeneratedPostOut.shown(generated))


app = create_app("Generated posts")
app.include_router(router)
handler = lambda_handler(app)
