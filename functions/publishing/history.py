"""What became of a post, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from functions.dependencies import requires
from functions.publishing.schemas.history import ListPublishEvents, PublishHistoryOut
from functions.routing import Router
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.actor import Actor
from shared.publishing.adapters.history import publish_history

router = Router(prefix="/api/v1/posts", tags=["posts"])

Reader = Annotated[Actor, requires("schedules:read")]


@router.get("/{post_id}/publish-events")
def publish_events(
    post_id: UUID, actor: Reader, wanted: Annotated[ListPublishEvents, Query()]
) -> PublishHistoryOut:
    """Every attempt to publish a post, the newest first, and what they come to."""
    history = publish_history(
        actor, post_id, status=wanted.status, channel=wanted.channel_id, paging=wanted.paging()
    )
    return PublishHistoryOut.of(history, wanted)


app = create_app("Publish history")
app.include_router(router)
handler = lambda_handler(app)
