"""Help with texts over HTTP: captions, hashtags, improvement, translation, alt text, ideas.

While the flag `posts.ai_generation` is off each answers 403 `FEATURE_DISABLED`.
"""

from http import HTTPStatus
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from functions.dependencies import requires
from functions.envelopes import Data
from functions.fields import exemplified
from functions.generation.schemas.answers import GenerationMetadataOut
from functions.generation.schemas.requests import (
    AnyText,
    Audience,
    Language,
    Slug,
    Tone,
    Topic,
)
from functions.routing import Router
from shared.generation.adapters.channels import find_channel
from shared.generation.adapters.postgres import begin
from shared.generation.adapters.writers import desk
from shared.generation.application.asking import places_for
from shared.generation.application.assist import assist
from shared.generation.domain.brief import Assistance, Goal, Task
from shared.generation.domain.channel import Anywhere, Place
from shared.generation.domain.rules import SUGGESTIONS
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.operations.api.flags import AI_GENERATION, demand_enabled

router = Router(
    prefix="/api/v1/generation",
    tags=["generation"],
    responses=refuses(HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY),
)

Generator = Annotated[Actor, requires("generation:create")]
_NEEDS_A_MODEL = refuses(HTTPStatus.CONFLICT)
_CHANNEL = Field(None, description="The network it must fit; absent or null: none in particular")


class Captions(BaseModel):
    model_config = ConfigDict(
        json_schema_extra=exemplified(
            {
                "text": "Asparagus with potatoes on a blue plate",
                "channel_id": "mastodon",
                "tone": "cheerful",
                "count": 3,
            },
            "text",
        )
    )

    text: AnyText = Field("", validate_default=True)
    channel_id: Slug | None = _CHANNEL
    tone: Tone | None = None
    count: int = Field(3, ge=1, le=SUGGESTIONS, strict=True)


class Hashtags(BaseModel):
    model_config = ConfigDict(
        json_schema_extra=exemplified(
            {"text": "Asparagus with potatoes, until the end of June", "count": 5}, "text"
        )
    )

    text: AnyText = Field("", validate_default=True)
    count: int = Field(5, ge=1, le=30, strict=True)


class Improve(BaseModel):
    model_config = ConfigDict(
        json_schema_extra=exemplified(
            {
                "text": "the asparagus is is here .  come and try it!!!",
                "goal": "correct",
                "channel_id": "mastodon",
            },
            "text",
            "goal",
        )
    )

    text: AnyText = Field("", validate_default=True)
    goal: Goal
    channel_id: Slug | None = _CHANNEL
    tone: Tone | None = None


class Translate(BaseModel):
    model_config = ConfigDict(
        json_schema_extra=exemplified(
            {"text": "The asparagus is here", "language": "German", "channel_id": "mastodon"},
            "text",
            "language",
        )
    )

    text: AnyText = Field("", validate_default=True)
    language: Language = Field("", validate_default=True)
    channel_id: Slug | None = _CHANNEL


class AltText(BaseModel):
    """The image itself is not looked at: what it shows must be told, or be in its name."""

    model_config = ConfigDict(
        json_schema_extra=exemplified({"description": "a blue plate, asparagus, potatoes, table"})
    )

    description: AnyText | None = None
    filename: AnyText | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.description is None and self.filename is None:
            raise PydanticCustomError("TEXT_REQUIRED", "A description or a filename is needed")
        return self

    @property
    def text(self) -> str:
        told = {"description": self.description, "filename": self.filename}
        return "\n".join(f"{name}: {text}" for name, text in told.items() if text)


class Ideas(BaseModel):
    model_config = ConfigDict(
        json_schema_extra=exemplified(
            {"topic": "asparagus", "count": 5, "target_audience": "people who cook"}, "topic"
        )
    )

    topic: Topic = Field("", validate_default=True)
    count: int = Field(5, ge=1, le=10, strict=True)
    tone: Tone | None = None
    target_audience: Audience | None = None


class HelpOut(BaseModel):
    """Suggestions are shown once and not kept; what it took is."""

    suggestions: list[str]
    generation_metadata: GenerationMetadataOut


@router.post("/captions")
def captions(body: Captions, actor: Generator) -> Data[HelpOut]:
    """Captions for what is described."""
    place = _place(actor, body.channel_id) or Place.at(Anywhere(), None)
    return _help(
        actor,
        Assistance(
            task=Task.CAPTIONS, text=body.text, count=body.count, tone=body.tone, place=place
        ),
    )


@router.post("/hashtags")
def hashtags(body: Hashtags, actor: Generator) -> Data[HelpOut]:
    """Hashtags for a text; without a model they are words of the text."""
    return _help(actor, Assistance(task=Task.HASHTAGS, text=body.text, count=body.count))


@router.post("/improve")
def improve(body: Improve, actor: Generator) -> Data[HelpOut]:
    """A text again, corrected, shortened, clarified, more engaging or more formal."""
    return _help(
        actor,
        Assistance(
            task=Task.IMPROVE,
            text=body.text,
            goal=body.goal,
            tone=body.tone,
            place=_place(actor, body.channel_id),
        ),
    )


@router.post("/translate", responses=_NEEDS_A_MODEL)
def translate(body: Translate, actor: Generator) -> Data[HelpOut]:
    """A text in another language; `AI_MODEL_REQUIRED` where no model is set up."""
    return _help(
        actor,
        Assistance(
            task=Task.TRANSLATE,
            text=body.text,
            language=body.language,
            place=_place(actor, body.channel_id),
        ),
    )


@router.post("/alt-text", responses=_NEEDS_A_MODEL)
def alt_text(body: AltText, actor: Generator) -> Data[HelpOut]:
    """A description for who cannot see an image; `AI_MODEL_REQUIRED` where no model is set up."""
    return _help(actor, Assistance(task=Task.ALT_TEXT, text=body.text))


@router.post("/ideas")
def ideas(body: Ideas, actor: Generator) -> Data[HelpOut]:
    """Ideas for posts about a topic."""
    return _help(
        actor,
        Assistance(
            task=Task.IDEAS,
            text=body.topic,
            count=body.count,
            tone=body.tone,
            target_audience=body.target_audience,
        ),
    )


def _place(actor: Actor, channel_id: str | None) -> Place | None:
    if channel_id is None:
        return None
    (place,) = places_for(find_channel, actor, [channel_id], None)
    return place


def _help(actor: Actor, wish: Assistance) -> Data[HelpOut]:
    demand_enabled(AI_GENERATION, actor.organization_id)
    helped = assist(begin, desk(), utc_now, actor=actor, wish=wish)
    told = GenerationMetadataOut.model_validate(helped.session, from_attributes=True)
    return Data[HelpOut](data=HelpOut(suggestions=list(helped.texts), generation_metadata=told))


app = create_app("Writing assistants")
app.include_router(router)
handler = lambda_handler(app)
