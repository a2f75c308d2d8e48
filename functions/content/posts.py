"""Posts over HTTP: write, list, read, edit, write once more, delete."""

from http import HTTPStatus
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from functions.content.schemas.fields import Description, Document, Tags, Text, Title
from functions.content.schemas.post_list import ListPosts
from functions.dependencies import requires
from functions.envelopes import CursorPaged, Data
from functions.fields import exemplified
from functions.idempotency import IdempotentRoute
from functions.post_answers import ListedPostOut, PostInFullOut, PostOut
from functions.routing import Router
from functions.versions import IfMatch, versioned
from shared.content.adapters import markup, queries
from shared.content.adapters.channels import find_channel
from shared.content.adapters.postgres import begin
from shared.content.application.create_post import create_post
from shared.content.application.delete_post import delete_post
from shared.content.application.duplicate_post import duplicate_post
from shared.content.application.update_post import update_post
from shared.content.domain.post import PostChanges
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now

router = Router(prefix="/api/v1/posts", tags=["posts"], route_class=IdempotentRoute)

Reader = Annotated[Actor, requires("posts:read")]
Writer = Annotated[Actor, requires("posts:write")]
Deleter = Annotated[Actor, requires("posts:delete")]
Force = Annotated[bool, Query(description="Cancel its schedules first")]
Cascade = Annotated[bool, Query(description="Its variants go with it; false: refuse if it has any")]

_EXAMPLE: dict[str, Any] = {
    "title": "Spring menu",
    "description": "<p>The <strong>asparagus</strong> is here</p>",
    "tags": ["spring", "menu"],
    "metadata": {"campaign": "spring-27"},
}


class CreatePost(BaseModel):
    model_config = ConfigDict(json_schema_extra=exemplified(_EXAMPLE, "description"))

    title: Title | None = None
    description: Description = Field("", validate_default=True)
    tags: Tags = []
    metadata: Document = {}
    default_channel_id: Text | None = Field(
        None,
        max_length=50,
        description="The slug of a network: the description's text is its first variant, a draft",
        examples=["mastodon"],
    )


class DuplicatePost(BaseModel):
    model_config = ConfigDict(json_schema_extra=exemplified({"title": "Summer menu"}))

    title: Title | None = Field(None, description="By default the old one, marked as a copy")
    include_variants: Annotated[bool, Field(description="As drafts")] = True
    include_tags: bool = True


class UpdatePost(BaseModel):
    """What is absent stays; null clears, except the description."""

    model_config = ConfigDict(json_schema_extra=exemplified(_EXAMPLE))

    title: Title | None = None
    description: Description = ""
    tags: Tags | None = None
    metadata: Document | None = None


@router.post("", status_code=201)
def create(body: CreatePost, actor: Writer, response: Response) -> Data[PostOut]:
    """Write a post; its words for each network are variants of it."""
    post = create_post(
        begin,
        markup,
        find_channel,
        utc_now,
        actor=actor,
        title=body.title,
        description=body.description,
        tags=body.tags,
        metadata=body.metadata,
        default_channel_id=body.default_channel_id,
    )
    return versioned(response, Data[PostOut].of(post))


@router.get("")
def list_(actor: Reader, wanted: Annotated[ListPosts, Query()]) -> CursorPaged[ListedPostOut]:
    """The organization's posts, by default the last edited first.

    Page by `cursor`, which misses and repeats nothing while others write, or by `offset`. Orders
    by description and by tags have no cursors. At most a thousand are counted.
    """
    return CursorPaged[ListedPostOut].of(wanted.page(actor), wanted.paging)


@router.get("/{post_id}")
def get(
    post_id: UUID,
    actor: Reader,
    response: Response,
    *,
    include_variants: Annotated[bool, Query(description="Answer its variants as well")] = False,
    include_schedules: Annotated[
        bool, Query(description="Answer its schedules as well; this needs schedules:read")
    ] = False,
) -> Data[PostInFullOut]:
    """One post; its ETag is for `If-Match`."""
    post = queries.one_post(
        actor, post_id, with_variants=include_variants, with_schedules=include_schedules
    )
    return versioned(response, Data[PostInFullOut].of(post))


@router.patch("/{post_id}", responses=refuses(HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED))
def update(
    post_id: UUID, body: UpdatePost, actor: Writer, expected: IfMatch, response: Response
) -> Data[PostOut]:
    """Edit a post; its variants keep their own words."""
    changes = cast("PostChanges", body.model_dump(exclude_unset=True))
    post = update_post(
        begin, markup, utc_now, actor=actor, post_id=post_id, changes=changes, expected=expected
    )
    return versioned(response, Data[PostOut].of(post))


@router.post("/{post_id}/duplicate", status_code=201)
def duplicate(
    post_id: UUID,
    actor: Writer,
    response: Response,
    body: Annotated[DuplicatePost | None, Body()] = None,
) -> Data[PostOut]:
    """Write a post once more, as a draft, with its variants; schedules are not copied."""
    wanted = body or DuplicatePost.model_validate({})
    post = duplicate_post(
        begin,
        markup,
        utc_now,
        actor=actor,
        post_id=post_id,
        title=wanted.title,
        with_variants=wanted.include_variants,
        with_tags=wanted.include_tags,
    )
    return versioned(response, Data[PostOut].of(post))


@router.delete(
    "/{post_id}",
    status_code=204,
    responses=refuses(HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED),
)
def delete(
    post_id: UUID,
    actor: Deleter,
    expected: IfMatch,
    *,
    force: Force = False,
    cascade: Cascade = True,
) -> None:
    """Take a post off every list; `force` cancels what is scheduled of it first.

    It can be restored for 30 days.
    """
    delete_post(
        begin,
        utc_now,
        actor=actor,
        post_id=post_id,
        force=force,
        cascade=cascade,
        expected=expected,
    )


app = create_app("Posts")
app.include_router(router)
handler = lambda_handler(app)
