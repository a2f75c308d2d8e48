"""Suggestions over HTTP: have texts written for networks."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from functions.dependencies import requires
from functions.envelopes import Data
from functions.fields import exemplified
from functions.generation.schemas.answers import GenerationSessionOut, SuggestionOut
from functions.generation.schemas.requests import (
    ChannelIds,
    Prompt,
    TemplateValues,
    Tone,
)
from functions.idempotency import IdempotentRoute
from functions.routing import Router
from shared.generation.adapters.channels import find_channel
from shared.generation.adapters.postgres import begin
from shared.generation.adapters.writers import desk
from shared.generation.application.generate import generate
from shared.generation.domain.rules import SHORTEST_LIMIT, SUGGESTIONS
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.operations.api.flags import AI_GENERATION, demand_enabled

router = Router(prefix="/api/v1/generation", tags=["generation"], route_class=IdempotentRoute)

Generator = Annotated[Actor, requires("generation:create")]


class GenerationConstraints(BaseModel):
    suggestions_per_channel: int = Field(3, ge=1, le=SUGGESTIONS, strict=True)
    max_length: int | None = Field(
        None,
        ge=SHORTEST_LIMIT,
        strict=True,
        description="As each network counts; what a network takes is never exceeded",
    )


class Generate(BaseModel):
    model_config = ConfigDict(
        json_schema_extra=exemplified(
            {
                "prompt": "The spring menu is here. Asparagus with potatoes, until June.",
                "channel_ids": ["mastodon", "bluesky"],
                "tone": "cheerful",
                "constraints": {"suggestions_per_channel": 2, "max_length": 280},
            },
            "prompt",
            "channel_ids",
        )
    )

    prompt: Prompt = Field("", validate_default=True)
    channel_ids: ChannelIds = Field([], validate_default=True)
    template_id: UUID | None = Field(None, description="Write along the lines of this template")
    template_values: TemplateValues = {}
    post_id: UUID | None = Field(None, description="Where accepted suggestions go")
    tone: Tone | None = None
    constraints: GenerationConstraints = Field(
        default_factory=lambda: GenerationConstraints.model_validate({})
    )


class GeneratedOut(BaseModel):
    """The best suggestion first. A network for which nothing usable was written has none."""

    session: GenerationSessionOut
    suggestions: list[SuggestionOut]


@router.post(
    "/generate",
    status_code=201,
    responses=refuses(HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY),
)
def create(body: Generate, actor: Generator) -> Data[GeneratedOut]:
    """Have texts suggested for networks, each within what its network takes.

    What is given is what to write about, never what to do; the session is kept either way.
    While the flag `posts.ai_generation` is off: 403 `FEATURE_DISABLED`.
    """
    demand_enabled(AI_GENERATION, actor.organization_id)
    generated = generate(
        begin,
        desk(),
        find_channel,
        utc_now,
        actor=actor,
        prompt=body.prompt,
        channel_ids=body.channel_ids,
        template_id=body.template_id,
        template_values=body.template_values,
        post_id=body.post_id,
        tone=body.tone,
        suggestions_per_channel=body.constraints.suggestions_per_channel,
        max_length=body.constraints.max_length,
    )
    return Data[GeneratedOut].of(generated)


app = create_app("Generation")
app.include_router(router)
handler = lambda_handler(app)
