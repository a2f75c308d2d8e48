"""Posts taken out over HTTP, as a table or as JSON that can be imported again."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from functions.content.schemas.fields import Text
from functions.dependencies import requires
from functions.routing import Router
from shared.content.adapters.export_queries import ExportFilter, exported_posts
from shared.content.adapters.export_texts import page_of_export
from shared.content.domain.post_import import ImportFormat
from shared.content.domain.post_status import PostStatus
from shared.infrastructure.http import create_app, lambda_handler
from shared.kernel.actor import Actor

router = Router(prefix="/api/v1/posts/export", tags=["imports"])

Reader = Annotated[Actor, requires("posts:read")]

_MEDIA_TYPES = {
    ImportFormat.CSV: "text/csv; charset=utf-8",
    ImportFormat.JSON: "application/json",
}


class ExportPosts(BaseModel):
    format: ImportFormat = ImportFormat.CSV
    status: PostStatus | None = None
    tags: Text = Field("", description="Separated by commas; posts with any of them")
    created_from: AwareDatetime | None = Field(None, description="Included")
    created_to: AwareDatetime | None = Field(None, description="Not included")
    limit: int = Field(500, ge=1, le=1000, description="Fewer are answered where 2 MB are full")
    cursor: UUID | None = Field(None, description="The `next` of the page before")


@router.get(
    "",
    response_class=Response,
    responses={
        200: {
            "description": "`next` and the header `Link` lead to the next page, where there is one",
            "headers": {
                "Link": {
                    "description": '`<…>; rel="next"`, where there are more',
                    "schema": {"type": "string"},
                }
            },
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["posts", "next"],
                        "properties": {
                            "posts": {"type": "array", "items": {"type": "object"}},
                            "next": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                        },
                    }
                },
            },
        }
    },
)
def export(request: Request, actor: Reader, wanted: Annotated[ExportPosts, Query()]) -> Response:
    """Posts with their variants, the oldest first, in a form that `POST /posts/imports` takes.

    In CSV each variant has a row, and what the post is stands in its first. A cell that a
    spreadsheet would take for a formula, for it begins with `=`, `+`, `-`, `@`, a tab or a line
    break, has an apostrophe in front; so has one that begins with apostrophes before one of these.
    To get the text take one apostrophe off; an import does.
    """
    chosen = ExportFilter(
        status=wanted.status,
        tags=[tag for each in wanted.tags.split(",") if (tag := each.strip())],
        created_from=wanted.created_from,
        created_to=wanted.created_to,
    )
    found = exported_posts(actor, chosen, after=wanted.cursor)
    page = page_of_export(found, wanted.format, limit=wanted.limit)
    headers = {"Content-Disposition": f'attachment; filename="posts.{wanted.format}"'}
    if page.next is not None:
        following = request.url.include_query_params(cursor=page.next)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return Response(page.text, headers=headers, media_type=_MEDIA_TYPES[wanted.format])


app = create_app("Post export")
app.include_router(router)
handler = lambda_handler(app)
