"""What the content routes take, by the domain's own rules: all that is wrong is told at once."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from shared.content.domain.rules import (
    DESCRIPTION_LENGTH,
    DOCUMENT_BYTES,
    TAG_LENGTH,
    TAGS,
    TITLE_LENGTH,
    TONE_LENGTH,
    demand_content,
    demand_description,
    demand_document,
    demand_storable,
    demand_tags,
    demand_title,
    demand_tone,
)
from shared.content.domain.thread import FOLLOW_UPS, LONGEST_DELAY, demand_few
from shared.kernel.errors import RuleViolation

T = TypeVar("T")


def exemplified(example: dict[str, Any], *required: str) -> Callable[[dict[str, Any]], None]:
    """For a model's `json_schema_extra`: what is blank by default is in truth required."""

    def extend(schema: dict[str, Any]) -> None:
        schema["examples"] = [example]
        if required:
            schema["required"] = list(required)
        for field in schema["properties"].values():
            if field.get("default") == "":
                del field["default"]

    return extend


def _kept(rule: Callable[[T], None]) -> AfterValidator:
    """Report a rule of the domain that is broken beside whatever else is wrong."""

    def check(value: T) -> T:
        try:
            rule(value)
        except RuleViolation as broken:
            raise PydanticCustomError(broken.code, broken.description) from broken
        return value

    return AfterValidator(check)


def _or_blank(value: object) -> object:
    return "" if value is None else value


# What is required is blank by default, so that nothing, null and spaces get the same answer.
_REQUIRED = BeforeValidator(_or_blank)

Text = Annotated[str, _kept(demand_storable)]
Title = Annotated[
    str,
    _kept(demand_title),
    Field(
        description=f"At most {TITLE_LENGTH} characters; HTML tags are stripped",
        json_schema_extra={"maxLength": TITLE_LENGTH},
    ),
]
Description = Annotated[
    str,
    _REQUIRED,
    _kept(demand_description),
    Field(
        description=f"Required, at most {DESCRIPTION_LENGTH} characters;"
        " plain text, or HTML that is cleaned by a whitelist",
        json_schema_extra={"minLength": 1, "maxLength": DESCRIPTION_LENGTH},
    ),
]
Tags = Annotated[
    list[str],
    _kept(demand_tags),
    Field(
        description=f"At most {TAGS} of 1 to {TAG_LENGTH} characters; repeated ones count once",
        json_schema_extra={"maxItems": TAGS},
    ),
]
Document = Annotated[
    dict[str, Any],
    _kept(demand_document),
    Field(description=f"Any JSON object of at most {DOCUMENT_BYTES} bytes"),
]
Settings = Annotated[
    dict[str, Any],
    _kept(demand_document),
    Field(description="By the `settings_schema` of its network in GET /channels"),
]
Content = Annotated[
    str,
    _REQUIRED,
    _kept(demand_content),
    Field(
        description="Required; stored and sent as it is, at most as long as its network takes",
        json_schema_extra={"minLength": 1},
    ),
]
Tone = Annotated[
    str,
    _kept(demand_tone),
    Field(
        description=f"At most {TONE_LENGTH} characters",
        json_schema_extra={"maxLength": TONE_LENGTH},
    ),
]


class WriteFollowUp(BaseModel):
    """A part of a thread after the first, sent as a reply to the part before it."""

    model_config = ConfigDict(
        json_schema_extra=exemplified(
            {"content": "With potatoes, too", "delay_seconds": 60}, "content"
        )
    )

    content: Content = Field("", validate_default=True)
    delay_seconds: int = Field(
        0, ge=0, le=LONGEST_DELAY, strict=True, description="After the part before it"
    )


Thread = Annotated[
    list[WriteFollowUp],
    _kept(demand_few),
    Field(
        description=f"The follow-ups, at most {FOLLOW_UPS}, in their order",
        json_schema_extra={"maxItems": FOLLOW_UPS},
    ),
]
