"""Templates over HTTP: keep texts with gaps, and have them filled in."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from functions.content.schemas import Text
from functions.dependencies import requires
from functions.envelopes import Data, Listed
from functions.fields import blank_if_absent, exemplified
from functions.idempotency import IdempotentRoute
from functions.routing import Router
from shared.content.adapters import markup, template_queries
from shared.content.adapters.channels import find_channel
from shared.content.adapters.templates import begin
from shared.content.application.create_template import create_template
from shared.content.application.delete_template import delete_template
from shared.content.application.duplicate_template import duplicate_template
from shared.content.application.render_template import render_template
from shared.content.application.update_template import update_template
from shared.content.domain.template import TemplateCategory, TemplateWords
from shared.content.domain.template_values import VALUES
from shared.content.domain.template_variables import VARIABLES, Value, Variable, VariableType
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

_Required = Annotated[str, blank_if_absent()]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_EXAMPLE: dict[str, Any] = {
    "name": "Weekly special",
    "description": "<p>Every Monday</p>",
    "template_body": "This week: {{dish}} for {{price}} €. {{note}}",
    "category": "marketing",
    "variables": [
        {"key": "dish", "label": "Which dish?", "type": "text", "required": True},
        {"key": "price", "label": "Price in euros", "type": "number", "min": 1, "max": 99},
        {"key": "note", "type": "checkbox", "options": ["Vegan!", ""]},
    ],
    "constraints": {"max_length": 280},
    "default_options": {"include_hashtags": True},
    "is_public": True,
}


class DeclareVariable(BaseModel):
    """What may stand in the place of `{{key}}`.

    `options` are a select's choices, or the two texts of a checkbox, ticked first: without them
    `yes` and `no`. `min` and `max` are a number's. Where no value is given the `default` stands,
    and without one what is not `required` is left out.
    """

    key: str
    label: str | None = None
    type: VariableType = VariableType.TEXT
    required: bool = False
    default: Value = None
    options: list[str] = []
    min: _Number | None = None
    max: _Number | None = None

    def declared(self) -> Variable:
        return cast("Variable", self.model_dump() | {"label": self.label or self.key})


class WriteTemplate(BaseModel):
    """Placeholders are `{{name}}`, a name of letters, digits and underscores.

    They need not be declared by `variables`: then any text will do, and one is needed.
    """

    name: _Required = Field("", json_schema_extra={"minLength": 1, "maxLength": 200})
    description: str | None = Field(None, json_schema_extra={"maxLength": 1000})
    template_body: _Required = Field("", json_schema_extra={"minLength": 1, "maxLength": 5000})
    category: TemplateCategory = TemplateCategory.CUSTOM
    variables: list[DeclareVariable] | None = Field(None, json_schema_extra={"maxItems": VARIABLES})
    default_channel_id: str | None = None
    constraints: dict[str, Any] | None = None
    default_options: dict[str, Any] | None = None
    is_public: bool = Field(default=False, description="Whether the whole organization sees it")

    def words(self) -> TemplateWords:
        given = self.model_dump(exclude_unset=True)
        if self.variables:
            given["variables"] = [each.declared() for each in self.variables]
        return cast("TemplateWords", given)


class CreateTemplate(WriteTemplate):
    model_config = ConfigDict(json_schema_extra=exemplified(_EXAMPLE, "name", "template_body"))


class UpdateTemplate(WriteTemplate):
    """What is absent stays; null clears, except name and text."""

    model_config = ConfigDict(json_schema_extra=exemplified(_EXAMPLE))


class RenderTemplate(BaseModel):
    """Values for names that the text does not have are ignored; what is in them is only text."""

    model_config = ConfigDict(
        json_schema_extra=exemplified({"values": {"dish": "Asparagus", "price": 9.5, "note": True}})
    )

    values: dict[str, Value] = Field({}, json_schema_extra={"maxProperties": VALUES})


class ListTemplates(BaseModel):
    owner: Literal["me", "all"] = Field("all", description="Whose; all that the caller may see")
    category: TemplateCategory | None = None
    name: Text = Field("", max_length=200, description="Part of the name")
    search: Text = Field("", max_length=200, description="Part of the name or the description")
    default_channel_id: Text | None = Field(None, max_length=50)
    sort: template_queries.SortBy = "updated_at"
    order: Literal["asc", "desc"] = "desc"
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)


class VariableOut(BaseModel):
    key: str
    label: str
    type: VariableType
    required: bool
    default: Value
    options: list[str]
    min: float | None
    max: float | None


class TemplateOut(BaseModel):
    """`placeholders` come in the order of the text; `unused_variables` have no place in it.

    `usage_count` and `last_used_at` tell how often it was rendered or generated with.
    """

    id: UUID
    name: str
    description: str | None
    template_body: str
    placeholders: list[str]
    variables: list[VariableOut]
    unused_variables: list[str]
    category: TemplateCategory
    default_channel_id: str | None
    constraints: dict[str, Any]
    default_options: dict[str, Any]
    is_public: bool
    usage_count: int
    last_used_at: datetime | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime


class RenderedOut(BaseModel):
    """`placeholders_used` come in the order in which they first appear in the template."""

    rendered_content: str
    placeholders_used: list[str]


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
