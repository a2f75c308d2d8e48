"""Templates over HTTP: keep texts with gaps, and have them filled in."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Query

from functions.content.schemas.templates import (
    CreateTemplate,
    ListTemplates,
    RenderedOut,
    RenderTemplate,
    TemplateOut,
    UpdateTemplate,
)
from functions.dependencies import requires
from functions.envelopes import Data, Listed
from functions.idempotency import IdempotentRoute
from functions.routing import Router
from shared.content.adapters import markup, template_queries
from shared.content.adapters.channels import find_channel
from shared.content.adapters.templates import begin
from shared.content.application.templates.create_template import create_template
from shared.content.application.templates.delete_template import delete_template
from shared.content.application.templates.duplicate_template import duplicate_template
from shared.content.application.templates.render_template import render_template
from shared.content.application.templates.update_template import update_template
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.paging import Paging

router = Router(prefix="/api/v1/templates", tags=["templates"], route_class=IdempotentRoute)

Reader = Annotated[Actor, requires("templates:read")]
Writer = Annotated[Actor, requires("templates:write")]
Deleter = Annotated[Actor, requires("templates:delete")]
Preview = Annotated[bool, Query(description="Only to look at: it does not count as a use")]


@router.post("", status_code=201)
def create(body: CreateTemplate, actor: Writer) -> Data[TemplateOut]:
    """Keep a text to be filled in again and again."""
    template = create_template(
        begin, find_channel, markup, utc_now, actor=actor, words=body.words()
    )
    return Data[TemplateOut].of(template)


@router.get("")
def list_(actor: Reader, wanted: Annotated[ListTemplates, Query()]) -> Listed[TemplateOut]:
    """One's own templates and the organization's public ones, by default the last edited first."""
    paging = Paging(limit=wanted.limit, offset=wanted.offset)
    page = template_queries.page_of_templates(
        actor,
        template_queries.TemplateFilter(
            is_own=wanted.owner == "me",
            category=wanted.category,
            name=wanted.name.strip(),
            search=wanted.search.strip(),
            default_channel_id=wanted.default_channel_id,
        ),
        paging,
        sort_by=wanted.sort,
        descending=wanted.order == "desc",
    )
    return Listed[TemplateOut].of(page, paging)


@router.get("/{template_id}")
def get(template_id: UUID, actor: Reader) -> Data[TemplateOut]:
    """One template."""
    return Data[TemplateOut].of(template_queries.shown_template(actor, template_id))


@router.patch("/{template_id}", responses=refuses(HTTPStatus.CONFLICT))
def update(template_id: UUID, body: UpdateTemplate, actor: Writer) -> Data[TemplateOut]:
    """Edit a template; what was made with it stays as it is."""
    template = update_template(
        begin,
        find_channel,
        markup,
        utc_now,
        actor=actor,
        template_id=template_id,
        words=body.words(),
    )
    return Data[TemplateOut].of(template)


@router.delete("/{template_id}", status_code=204)
def delete(template_id: UUID, actor: Deleter) -> None:
    """Take a template off every list; its name is free again."""
    delete_template(begin, utc_now, actor=actor, template_id=template_id)


@router.post("/{template_id}/render")
def render(
    template_id: UUID, body: RenderTemplate, actor: Reader, *, preview: Preview = False
) -> Data[RenderedOut]:
    """Fill a template in, in at most 50,000 characters."""
    made = render_template(
        begin,
        utc_now,
        actor=actor,
        template_id=template_id,
        values=body.values,
        is_preview=preview,
    )
    return Data[RenderedOut].of(made)


@router.post("/{template_id}/duplicate", status_code=201)
def duplicate(template_id: UUID, actor: Writer) -> Data[TemplateOut]:
    """Make a template of one's own out of any that one may see."""
    template = duplicate_template(begin, utc_now, actor=actor, template_id=template_id)
    return Data[TemplateOut].of(template)


app = create_app("Templates")
app.include_router(router)
handler = lambda_handler(app)
