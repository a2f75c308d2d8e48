"""Bulk imports over HTTP: hand posts over, see how far they are and what was wrong, stop."""

from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field, computed_field

from functions.content.schemas.handed_over import IN_WHICH_FORMATS, PostsHandedOver, handed_over
from functions.dependencies import requires
from functions.envelopes import Data, Paged
from functions.idempotency import IdempotentRoute
from functions.routing import Router
from shared.content.adapters import import_queries
from shared.content.adapters.import_bodies import ImportsSettings, demand_size, read_posts
from shared.content.adapters.imports import begin
from shared.content.application.imports.cancel_import import cancel_import
from shared.content.application.imports.start_import import start_import
from shared.content.domain.post_import import ImportFailure, ImportFormat, ImportStatus
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Paging
from shared.operations.api.relay import wake_relay

router = Router(prefix="/api/v1/posts/imports", tags=["imports"], route_class=IdempotentRoute)

Writer = Annotated[Actor, requires("posts:write")]
Handed = Annotated[PostsHandedOver, Depends(handed_over)]


class HowToImport(BaseModel):
    dry_run: bool = Field(default=False, description="Judge everything, create nothing")
    all_or_nothing: bool = Field(
        default=False, description="Create all posts, or none where one of them is not good"
    )


class ListImports(BaseModel):
    status: ImportStatus | None = None
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)


class ListProblems(BaseModel):
    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)


class PostImportOut(BaseModel):
    """`total`, `processed`, `created` and `failed` count posts, however many rows each has.

    `done` says that it came to the end, whatever was wrong with some posts: see `failed` and the
    errors. `failure` says why one that failed did not: `AUTHOR_GONE`, whoever asked for it is no
    active member any more who may write posts, or `INTERNAL_ERROR`. What was created before a
    failure or a cancel stays.
    """

    id: UUID
    status: ImportStatus
    format: ImportFormat
    dry_run: bool
    all_or_nothing: bool
    total: int
    processed: int
    created: int
    failed: int
    failure: ImportFailure | None
    created_by: UUID
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @computed_field  # type: ignore[prop-decorator]
    @property
    def percent(self) -> int:
        return 100 * self.processed // self.total


class RowProblemOut(BaseModel):
    """`row` as a spreadsheet counts, whose first is the header; in JSON the place in the list.

    `column` is the path of what it concerns, if it is one thing: `tags`, `variants.0.content`.
    """

    row: int
    column: str | None
    error_code: str = Field(validation_alias="code")
    error_description: str = Field(validation_alias="description")


@router.post(
    "",
    status_code=201,
    responses=refuses(HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    openapi_extra={"requestBody": IN_WHICH_FORMATS},
)
def create(
    handed: Handed, actor: Writer, how: Annotated[HowToImport, Query()]
) -> Data[PostImportOut]:
    """Have many posts written, from a CSV or JSON file.

    `curl --data-binary @posts.csv -H "Content-Type: text/csv" …/posts/imports?dry_run=true`

    What is wrong with the file as a whole is answered at once. The posts are written afterwards, as
    drafts of whoever asks, and judged by the rules of `POST /posts` and `POST
    /posts/{post_id}/variants`: those that are good are created, the others are told, with all that
    is wrong, in the import's errors. At most 10,000 rows and 4 MB: 413 `IMPORT_TOO_LARGE`. Text is
    UTF-8, or UTF-16 with a byte order mark. What `GET /posts/export` answers can be imported as it
    is. At most 5 imports of an organization are under way at a time: 409 `TOO_MANY_IMPORTS`.
    """
    settings = ImportsSettings.read()
    demand_size(handed.body, most=settings.bytes)
    job = start_import(
        begin,
        partial(read_posts, rows=settings.rows),
        utc_now,
        actor=actor,
        body=handed.body,
        format_=handed.format,
        dry_run=how.dry_run,
        all_or_nothing=how.all_or_nothing,
    )
    wake_relay()
    return Data[PostImportOut].of(job)


@router.get("")
def list_(actor: Writer, wanted: Annotated[ListImports, Query()]) -> Paged[PostImportOut]:
    """The organization's imports, the newest first."""
    paging = Paging(limit=wanted.limit, offset=wanted.offset)
    page = import_queries.page_of_imports(actor, wanted.status, paging)
    return Paged[PostImportOut].of(page, paging)


@router.get("/{import_id}")
def get(import_id: UUID, actor: Writer) -> Data[PostImportOut]:
    """One import, and how far it is by now."""
    return Data[PostImportOut].of(import_queries.one_import(actor, import_id))


@router.get("/{import_id}/errors")
def errors(
    import_id: UUID, actor: Writer, wanted: Annotated[ListProblems, Query()]
) -> Paged[RowProblemOut]:
    """What was wrong with the posts that were not created, by row."""
    paging = Paging(limit=wanted.limit, offset=wanted.offset)
    page = import_queries.page_of_problems(actor, import_id, paging)
    return Paged[RowProblemOut].of(page, paging)


@router.post("/{import_id}/cancel", responses=refuses(HTTPStatus.CONFLICT))
def cancel(import_id: UUID, actor: Writer) -> Data[PostImportOut]:
    """Stop an import where it is; what is created by now stays."""
    return Data[PostImportOut].of(cancel_import(begin, utc_now, actor=actor, import_id=import_id))


app = create_app("Post imports", largest_body=10 * 1024 * 1024)  # `IMPORTS_BYTES` decides
app.include_router(router)
handler = lambda_handler(app)
