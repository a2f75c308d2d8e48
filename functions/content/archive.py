"""The archive and the bin over HTTP: put posts away and take them out, bring deleted ones back."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from functions.dependencies import requires
from functions.envelopes import Data, Paged
from functions.post_answers import DeletedPostOut, PostOut
from functions.routing import Router
from functions.versions import IfMatch, versioned
from shared.content.adapters import queries
from shared.content.adapters.postgres import begin
from shared.content.application.archive_post import archive_post
from shared.content.application.restore_post import restore_post
from shared.content.application.unarchive_post import unarchive_post
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Paging

router = Router(prefix="/api/v1/posts", tags=["posts"])

Reader = Annotated[Actor, requires("posts:read")]
Writer = Annotated[Actor, requires("posts:write")]
Deleter = Annotated[Actor, requires("posts:delete")]
_REFUSES = refuses(HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)
Force = Annotated[bool, Query(description="Cancel its schedules first")]


@router.get("/deleted")
def list_deleted(
    actor: Reader,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Paged[DeletedPostOut]:
    """The posts that can still be restored, the last deleted first."""
    paging = Paging(limit=limit, offset=offset)
    return Paged[DeletedPostOut].of(queries.deleted_posts(actor, paging, now=utc_now()), paging)


@router.post("/{post_id}/restore", responses=_REFUSES)
def restore(post_id: UUID, actor: Deleter, expected: IfMatch, response: Response) -> Data[PostOut]:
    """Bring a deleted post back, with the variants that went with it, within 30 days.

    What was cancelled with it stays cancelled. One that is not deleted stays as it is.
    """
    post = restore_post(begin, utc_now, actor=actor, post_id=post_id, expected=expected)
    return versioned(response, Data[PostOut].of(post))


@router.post("/{post_id}/archive", responses=_REFUSES)
def archive(
    post_id: UUID, actor: Writer, expected: IfMatch, response: Response, *, force: Force = False
) -> Data[PostOut]:
    """Put a post away, so that nobody changes it; `force` cancels what is scheduled of it first.

    Its series end. One that is archived already stays as it is.
    """
    post = archive_post(
        begin, utc_now, actor=actor, post_id=post_id, force=force, expected=expected
    )
    return versioned(response, Data[PostOut].of(post))


@router.post("/{post_id}/unarchive", responses=refuses(HTTPStatus.PRECONDITION_FAILED))
def unarchive(post_id: UUID, actor: Writer, expected: IfMatch, response: Response) -> Data[PostOut]:
    """Take a post out of the archive, with the status that follows from its schedules."""
    post = unarchive_post(begin, utc_now, actor=actor, post_id=post_id, expected=expected)
    return versioned(response, Data[PostOut].of(post))


app = create_app("Archive")
app.include_router(router)
handler = lambda_handler(app)
