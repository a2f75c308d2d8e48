"""Posts taken out over HTTP, as a table or as JSON that can be imported again."""

from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from functions.content.schemas.fields import Text
from functions.content.schemas.post_list import Statuses, statuses
from functions.dependencies import requires
from functions.filters import From, To, names
from functions.routing import Router
from shared.content.adapters.export_queries import ExportFilter, exported_posts
from shared.content.adapters.export_texts import page_of_export, place_in_export
from shared.content.domain.post_import import ImportFormat
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
    status: Statuses = ""
    tags: Text = Field(
        "", max_length=5_000, description="Separated by commas; posts with any of them"
    )
    created_from: From = None
    created_to: To = None
    limit: int = Field(500, ge=1, le=1000, description="Fewer are answered where 2 MB are full")
    cursor: Text = Field("", max_length=2_000, description="The `next_cursor` of the page before")


@router.get(
    "",
    response_class=Response,
    responses={
        200: {
            "description": "`next_cursor` and the header `Link` lead to the next page, if any",
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
                        "required": ["posts", "next_cursor"],
                        "properties": {
                            "posts": {"type": "array", "items": {"type": "object"}},
                            "next_cursor": {"anyOf": [{"type": "string"}, {"type": "null"}]},
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
        statuses=statuses(wanted.status),
        tags=names(wanted.tags),
        created_from=wanted.created_from,
        created_to=wanted.created_to,
    )
    after = place_in_export(wanted.cursor) if wanted.cursor else None
    found = exported_posts(actor, chosen, after=after)
    page = page_of_export(found, wanted.format, limit=wanted.limit)
    headers = {"Content-Disposition": f'attachment; filename="posts.{wanted.format}"'}
    if page.next_cursor is not None:
        following = request.url.include_query_params(cursor=page.next_cursor)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    return Response(page.text, headers=headers, media_type=_MEDIA_TYPES[wanted.format])


app = create_app("Post export")
app.include_router(router)
handler = lambda_handler(app)
