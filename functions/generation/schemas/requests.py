"""What the generation routes take: all that is wrong is told at once."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field, StrictBool

from functions.fields import blank_if_absent, kept
from shared.content.domain.rules import (
    TAG_LENGTH,
    TAGS,
    TITLE_LENGTH,
    TONE_LENGTH,
    demand_document,
    demand_tags,
    demand_title,
)
from shared.content.domain.templates.values import demand_values
from shared.generation.domain.rules import (
    AUDIENCE_LENGTH,
    CHANNELS,
    KEY_POINT_LENGTH,
    KEY_POINTS,
    LANGUAGE_LENGTH,
    PROMPT_LENGTH,
    TEXT_LENGTH,
    TOPIC_LENGTH,
    demand_text,
)
from shared.kernel.errors import RuleViolation


def _at_most(length: int) -> Callable[[str], None]:
    def rule(text: str) -> None:
        demand_text(text)
        if len(text) > length:
            raise RuleViolation("VALIDATION_ERROR", f"This has more than {length} characters")

    return rule


def _said(code: str, length: int) -> Callable[[str], None]:
    def rule(text: str) -> None:
        if not text.strip():
            raise RuleViolation(code, "This is needed")
        _at_most(length)(text)

    return rule


def _channels(slugs: list[str]) -> None:
    if not slugs:
        raise RuleViolation("CHANNEL_IDS_REQUIRED", "At least one channel is needed")
    if len(slugs) > CHANNELS:
        raise RuleViolation("VALIDATION_ERROR", f"At most {CHANNELS} channels may be named")


def _values(values: dict[str, str | bool | float]) -> None:
    demand_values(values)
    for value in values.values():
        if isinstance(value, str):
            demand_text(value)


Slug = Annotated[str, kept(_at_most(50)), Field(description="A network in GET /channels")]
Prompt = Annotated[
    str,
    blank_if_absent(),
    kept(_said("PROMPT_REQUIRED", PROMPT_LENGTH)),
    Field(
        description=f"What to write about, required, at most {PROMPT_LENGTH} characters",
        json_schema_extra={"minLength": 1, "maxLength": PROMPT_LENGTH},
    ),
]
AnyText = Annotated[
    str,
    blank_if_absent(),
    kept(_said("TEXT_REQUIRED", TEXT_LENGTH)),
    Field(
        description=f"Required, at most {TEXT_LENGTH} characters",
        json_schema_extra={"minLength": 1, "maxLength": TEXT_LENGTH},
    ),
]
Topic = Annotated[
    str,
    blank_if_absent(),
    kept(_said("INVALID_GENERATION_CONTEXT", TOPIC_LENGTH)),
    Field(
        description=f"Required, at most {TOPIC_LENGTH} characters",
        json_schema_extra={"minLength": 1, "maxLength": TOPIC_LENGTH},
    ),
]
Language = Annotated[
    str,
    blank_if_absent(),
    kept(_said("LANGUAGE_REQUIRED", LANGUAGE_LENGTH)),
    Field(
        description="Its name or its code, such as German or pt-BR; required",
        json_schema_extra={"minLength": 1, "maxLength": LANGUAGE_LENGTH},
    ),
]
KeyPoints = Annotated[
    list[Annotated[str, kept(_said("INVALID_GENERATION_CONTEXT", KEY_POINT_LENGTH))]],
    Field(description=f"At most {KEY_POINTS}", max_length=KEY_POINTS),
]
Audience = Annotated[
    str, kept(_at_most(AUDIENCE_LENGTH)), Field(json_schema_extra={"maxLength": AUDIENCE_LENGTH})
]
Tone = Annotated[
    str,
    kept(_at_most(TONE_LENGTH)),
    Field(
        description="Such as professional or cheerful",
        json_schema_extra={"maxLength": TONE_LENGTH},
    ),
]
ChannelIds = Annotated[
    list[Slug],
    blank_if_absent([]),
    kept(_channels),
    Field(
        description=f"Slugs of networks in GET /channels, 1 to {CHANNELS}",
        json_schema_extra={"minItems": 1, "maxItems": CHANNELS},
    ),
]
TemplateValues = Annotated[
    dict[str, str | StrictBool | int | Annotated[float, Field(allow_inf_nan=False)]],
    kept(_values),
    Field(description="What stands in the places of the template's variables"),
]
Title = Annotated[
    str,
    kept(demand_title),
    Field(
        description=f"At most {TITLE_LENGTH} characters; HTML tags are stripped",
        json_schema_extra={"maxLength": TITLE_LENGTH},
    ),
]
Tags = Annotated[
    list[str],
    kept(demand_tags),
    Field(
        description=f"At most {TAGS} of 1 to {TAG_LENGTH} characters",
        json_schema_extra={"maxItems": TAGS},
    ),
]
Document = Annotated[dict[str, Any], kept(demand_document)]
