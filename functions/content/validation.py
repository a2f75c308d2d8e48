"""Validation over HTTP: what would become of texts at their networks, before anything is sent."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from functions.content.schemas.fields import Document, Settings, Text
from functions.content.schemas.verdicts import PostVerdictOut, VerdictOut
from functions.dependencies import requires
from functions.envelopes import Data
from functions.routing import Router
from shared.content.adapters.channels import find_channel
from shared.content.adapters.postgres import begin
from shared.content.application.validate_drafts import Trial, validate_drafts, validate_variant
from shared.content.domain.fitness import Draft
from shared.content.domain.rules import DESCRIPTION_LENGTH, demand_description
from shared.content.domain.thread import FollowUp
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.errors import RuleViolation, TooLarge

router = Router(prefix="/api/v1", tags=["validation"])

Reader = Annotated[Actor, requires("posts:read")]

_VARIANTS = 50
_PARTS = 100
_TOGETHER = 500_000
"""How many characters all texts of a request may have."""
_Words = Annotated[str | None, Field(max_length=DESCRIPTION_LENGTH)]
"""Of any length that a network could take; what is longer than that needs no verdict."""
_EXAMPLE: dict[str, Any] = {
    "description": "The asparagus is here",
    "variants": [
        {
            "channel_id": "mastodon",
            "content": "The asparagus is here! https://example.org/menu",
            "thread": [{"content": "With potatoes, too"}],
            "settings": {"visibility": "unlisted", "language": "en"},
        },
        {"channel_id": "bluesky", "content": "The asparagus is here!"},
    ],
}


class TryFollowUp(BaseModel):
    content: _Words = None
    delay_seconds: int = Field(0, strict=True)
    media: Document = {}


class TryVariant(BaseModel):
    """Anything that has the shape of a variant; what is wrong with it, the verdict says."""

    channel_id: Text = Field(description="The slug of a network in GET /channels")
    content: _Words = None
    thread: list[TryFollowUp] | None = Field(None, max_length=_PARTS)
    media: Document = {}
    settings: Settings = {}
    channel_connection_id: UUID | None = Field(
        None, description="The account it would leave on; its limit and its plan count, too"
    )

    @property
    def trial(self) -> Trial:
        draft = Draft(
            content=self.content or "",
            thread=[
                FollowUp(
                    content=each.content or "",
                    delay_seconds=each.delay_seconds,
                    media=each.media,
                )
                for each in self.thread or ()
            ],
            media=self.media,
            settings=self.settings,
        )
        return Trial(
            channel_id=self.channel_id, draft=draft, connection_id=self.channel_connection_id
        )


class ValidatePost(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    description: str | None = Field(None, description="Judged as the post's, where it is there")
    variants: list[TryVariant] = Field(min_length=1, max_length=_VARIANTS)

    def demand_room(self) -> None:
        """Refuse what would take long to count.

        Raises:
            TooLarge: `DRAFTS_TOO_LARGE`.
        """
        texts = [text for each in self.variants for text in each.trial.draft.texts.values()]
        size = len(self.description or "") + sum(map(len, texts))
        if size > _TOGETHER:
            raise TooLarge(
                "DRAFTS_TOO_LARGE",
                f"At most {_TOGETHER} characters are judged at once, these have {size}",
                meta={"limit": _TOGETHER, "count": size},
            )

    @property
    def problems(self) -> list[RuleViolation]:
        """Of the post itself."""
        try:
            if self.description is not None:
                demand_description(self.description)
        except RuleViolation as broken:
            return [broken]
        return []


class ValidateVariant(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{}]})

    channel_connection_id: UUID | None = Field(
        None, description="The account it would leave on; its limit and its plan count, too"
    )


@router.post(
    "/posts/validate", responses=refuses(HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
)
def validate_post(body: ValidatePost, actor: Reader) -> Data[PostVerdictOut]:
    """Say of each variant whether it could be sent as it is, and what would be sent.

    Nothing is stored. The answer is 200 also where nothing of it could be sent.
    """
    body.demand_room()
    verdicts = validate_drafts(
        begin,
        find_channel,
        utc_now,
        actor=actor,
        trials=[each.trial for each in body.variants],
    )
    return Data(data=PostVerdictOut.of(body.problems, verdicts))


@router.post("/variants/{variant_id}/validate")
def validate_one(
    variant_id: UUID, body: ValidateVariant | None = None, *, actor: Reader
) -> Data[VerdictOut]:
    """Say whether a variant could be sent as it is stored, and what would be sent."""
    verdict = validate_variant(
        begin,
        find_channel,
        utc_now,
        actor=actor,
        variant_id=variant_id,
        connection_id=body.channel_connection_id if body else None,
    )
    return Data(data=VerdictOut.of(verdict))


app = create_app("Validation")
app.include_router(router)
handler = lambda_handler(app)
