"""Sessions over HTTP: see what was written, accept it, forget it."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from functions.attached_media import AttachMedia
from functions.dependencies import requires
from functions.envelopes import Data, Listed
from functions.fields import exemplified
from functions.generation.schemas.answers import GenerationSessionOut, SuggestionOut
from functions.generation.schemas.requests import (
    Tags,
    Title,
    Tone,
)
from functions.idempotency import IdempotentRoute
from functions.post_answers import PostOut, VariantOut
from functions.routing import Router
from shared.content.adapters import markup
from shared.generation.adapters import queries
from shared.generation.adapters.channels import find_channel
from shared.generation.adapters.postgres import begin
from shared.generation.application.accept_suggestion import TITLE, accept_suggestion
from shared.generation.application.delete_session import delete_session
from shared.generation.domain.brief import Task
from shared.generation.domain.session import SessionStatus
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Paging

router = Router(prefix="/api/v1/generation", tags=["generation"], route_class=IdempotentRoute)

Generator = Annotated[Actor, requires("generation:create")]
Writer = Annotated[Actor, requires("posts:write")]


class ListSessions(BaseModel):
    status: SessionStatus | None = Field(
        None, description="`aborted` are those of which nothing came"
    )
    task: Task | None = Field(
        None, description="What was asked for: suggestions, a whole post, or help with a text"
    )
    post_id: UUID | None = Field(
        None, description="The post that their suggestions were written for or accepted into"
    )
    template_id: UUID | None = Field(None, description="The template they were written along")
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)


class SessionWithSuggestionsOut(BaseModel):
    """The best suggestion first."""

    session: GenerationSessionOut
    suggestions: list[SuggestionOut]


class AcceptSuggestion(BaseModel):
    """Title and tags are the post's, where one is made."""

    model_config = ConfigDict(
        json_schema_extra=exemplified(
            {"title": "Spring menu", "tags": ["spring", "menu"], "tone": "cheerful", "media": {}}
        )
    )

    title: Title | None = Field(None, description=f"Absent or null: {TITLE}")
    tags: Tags = []
    tone: Tone | None = Field(None, description="Absent or null: the session's")
    media: AttachMedia = AttachMedia()


class AcceptedOut(BaseModel):
    """`post`, where one was made for it; else the session has had one before."""

    suggestion: SuggestionOut
    post: PostOut | None
    variant: VariantOut


@router.get("/sessions")
def list_(
    actor: Generator, wanted: Annotated[ListSessions, Query()]
) -> Listed[GenerationSessionOut]:
    """What was asked for, the newest first."""
    paging = Paging(limit=wanted.limit, offset=wanted.offset)
    page = queries.page_of_sessions(
        actor,
        queries.SessionFilter(
            status=wanted.status,
            task=wanted.task,
            post_id=wanted.post_id,
            template_id=wanted.template_id,
        ),
        paging,
    )
    return Listed[GenerationSessionOut].of(page, paging)


@router.get("/sessions/{session_id}")
def get(session_id: UUID, actor: Generator) -> Data[SessionWithSuggestionsOut]:
    """One session, and its suggestions."""
    return Data[SessionWithSuggestionsOut].of(queries.one_session(actor, session_id))


@router.delete("/sessions/{session_id}", status_code=204)
def delete(session_id: UUID, actor: Generator) -> None:
    """Forget a session and its suggestions; what was accepted of it stays."""
    delete_session(begin, utc_now, actor=actor, session_id=session_id)


@router.post(
    "/suggestions/{suggestion_id}/accept",
    status_code=201,
    responses=refuses(HTTPStatus.CONFLICT),
)
def accept(
    suggestion_id: UUID, actor: Writer, body: AcceptSuggestion | None = None
) -> Data[AcceptedOut]:
    """Make a variant of a suggestion, and a post for it if its session has none: all or nothing."""
    wanted = body or AcceptSuggestion.model_validate({})
    accepted = accept_suggestion(
        begin,
        markup,
        find_channel,
        utc_now,
        actor=actor,
        suggestion_id=suggestion_id,
        title=wanted.title,
        tags=wanted.tags,
        tone=wanted.tone,
        media=wanted.media.document,
    )
    return Data[AcceptedOut].of(accepted)


app = create_app("Generation sessions")
app.include_router(router)
handler = lambda_handler(app)
