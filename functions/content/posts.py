"""Posts over HTTP: write, list, read, edit, delete."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from functions.content.schemas import Description, Document, Tags, Text, Title, exemplified
from functions.dependencies import requires
from functions.envelopes import Data, Paged
from functions.idempotency import IdempotentRoute
from shared.content.adapters import markup, queries
from shared.content.adapters.postgres import begin
from shared.content.application.create_post import create_post
from shared.content.application.delete_post import delete_post
from shared.content.application.update_post import update_post
from shared.content.domain.post import PostChanges
from shared.content.domain.post_status import PostStatus
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Paging

router = APIRouter(prefix="/api/v1/posts", tags=["posts"], route_class=IdempotentRoute)

Reader = Annotated[Actor, requires("posts:read")]
Writer = Annotated[Actor, requires("posts:write")]
Deleter = Annotated[Actor, requires("posts:delete")]
Force = Annotated[bool, Query(description="Cancel its schedules first")]

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


class UpdatePost(BaseModel):
    """What is absent stays; null clears, except the description."""

    model_config = ConfigDict(json_schema_extra=exemplified(_EXAMPLE))

    title: Title | None = None
    description: Description = ""
    tags: Tags | None = None
    metadata: Document | None = None


class ListPosts(BaseModel):
    status: PostStatus | None = None
    tags: Text = Field("", description="Separated by commas; posts with any of them")
    search: Text = Field("", max_length=200, description="Part of the title or the description")
    sort_by: queries.SortBy = Field("updated_at", alias="sortBy")
    sort_order: Literal["asc", "desc"] = Field("desc", alias="sortOrder")
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)


class PostOut(BaseModel):
    """`status` follows from the post's schedules; `published_at` is the first that succeeded."""

    id: UUID
    title: str | None
    description: str
    tags: list[str]
    status: PostStatus
    metadata: dict[str, Any]
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None


@router.post("", status_code=201)
def create(body: CreatePost, actor: Writer) -> Data[PostOut]:
    """Write a post; its words for each network are variants of it."""
    post = create_post(
        begin,
        markup,
        utc_now,
        actor=actor,
        title=body.title,
        description=body.description,
        tags=body.tags,
        metadata=body.metadata,
    )
    return Data[PostOut].of(post)


@router.get("")
def list_(actor: Reader, wanted: Annotated[ListPosts, Query()]) -> Paged[PostOut]:
    """The organization's posts, by default the last edited first."""
    paging = Paging(limit=wanted.limit, offset=wanted.offset)
    page = queries.page_of_posts(
        actor,
        queries.PostFilter(
            status=wanted.status,
            tags=[tag for each in wanted.tags.split(",") if (tag := each.strip())],
            search=wanted.search.strip(),
        ),
        paging,
        sort_by=wanted.sort_by,
        descending=wanted.sort_order == "desc",
    )
    return Paged[PostOut].of(page, paging)


@router.get("/{post_id}")
def get(post_id: UUID, actor: Reader) -> Data[PostOut]:
    """One post."""
    return Data[PostOut].of(queries.one_post(actor, post_id))


@router.patch("/{post_id}", responses=refuses(HTTPStatus.CONFLICT))
def update(post_id: UUID, body: UpdatePost, actor: Writer) -> Data[PostOut]:
    """Edit a post; its variants keep their own words."""
    changes = cast("PostChanges", body.model_dump(exclude_unset=True))
    post = update_post(begin, markup, utc_now, actor=actor, post_id=post_id, changes=changes)
    return Data[PostOut].of(post)


@router.delete("/{post_id}", status_code=204, responses=refuses(HTTPStatus.CONFLICT))
def delete(post_id: UUID, actor: Deleter, *, force: Force = False) -> None:
    """Take a post off every list; `force` cancels what is scheduled of it first."""
    delete_post(begin, utc_now, actor=actor, post_id=post_id, force=force)


app = create_app("Posts")
app.include_router(router)
handler = lambda_handler(app)
