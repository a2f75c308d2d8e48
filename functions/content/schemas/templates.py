"""What the routes of templates take and answer."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from functions.content.schemas.fields import Text
from functions.fields import blank_if_absent, exemplified
from shared.content.adapters import template_queries
from shared.content.domain.templates.template import (
    BODY_LENGTH,
    DESCRIPTION_LENGTH,
    NAME_LENGTH,
    TemplateCategory,
    TemplateWords,
)
from shared.content.domain.templates.values import VALUES
from shared.content.domain.templates.variables import VARIABLES, Value, Variable, VariableType

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

    name: _Required = Field("", json_schema_extra={"minLength": 1, "maxLength": NAME_LENGTH})
    description: str | None = Field(None, json_schema_extra={"maxLength": DESCRIPTION_LENGTH})
    template_body: _Required = Field(
        "", json_schema_extra={"minLength": 1, "maxLength": BODY_LENGTH}
    )
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
    category: TemplateCategory | None = Field(None, description="Only those of this kind")
    name: Text = Field("", max_length=200, description="Part of the name")
    search: Text = Field("", max_length=200, description="Part of the name or the description")
    default_channel_id: Text | None = Field(
        None, max_length=50, description="The slug of the network they are for"
    )
    sort: template_queries.SortBy = Field(
        "updated_at",
        description="What they are sorted by; `usage_count` is how often they were used",
    )
    order: Literal["asc", "desc"] = Field(
        "desc", description="`desc` puts the last, the most used or the end of the alphabet first"
    )
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
