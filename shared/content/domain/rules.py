"""What posts and variants may consist of: one rule a thing, each raising `RuleViolation`."""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from shared.kernel.errors import RuleViolation
from shared.kernel.text import demand_storable

TITLE_LENGTH = 200
DESCRIPTION_LENGTH = 50_000
TAGS = 50
TAG_LENGTH = 50
TONE_LENGTH = 50
DOCUMENT_BYTES = 16 * 1024

_BREAKS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]+")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


def one_line(text: str) -> str:
    """A title or a tag as it was meant: tabs and breaks are spaces, what cannot be seen is gone."""
    return _CONTROLS.sub("", _BREAKS.sub(" ", text)).strip()


def demand_title(title: str) -> None:
    demand_storable(title)
    if len(title) > TITLE_LENGTH:
        raise RuleViolation(
            "VALIDATION_ERROR", f"A title has at most {TITLE_LENGTH} characters", field="title"
        )


def demand_description(description: str) -> None:
    demand_storable(description)
    if not description.strip():
        raise RuleViolation("DESCRIPTION_REQUIRED", "A description is needed", field="description")
    if len(description) > DESCRIPTION_LENGTH:
        raise RuleViolation(
            "VALIDATION_ERROR",
            f"A description has at most {DESCRIPTION_LENGTH} characters",
            field="description",
        )


def demand_tags(tags: Collection[str]) -> None:
    demand_storable(list(tags))
    if len(tags) > TAGS:
        raise RuleViolation("VALIDATION_ERROR", f"A post has at most {TAGS} tags", field="tags")
    if any(not 1 <= len(one_line(tag)) <= TAG_LENGTH for tag in tags):
        raise RuleViolation(
            "VALIDATION_ERROR", f"A tag has 1 to {TAG_LENGTH} characters", field="tags"
        )


def demand_document(document: Mapping[str, Any]) -> None:
    """Metadata, or a description of media: small JSON of the caller's own."""
    demand_storable(document)
    if len(json.dumps(document, ensure_ascii=False).encode()) > DOCUMENT_BYTES:
        raise RuleViolation("VALIDATION_ERROR", f"This has more than {DOCUMENT_BYTES} bytes")


def demand_content(content: str, *, shows: bool = False) -> None:
    """What shows something may be without words."""
    demand_storable(content)
    if not content.strip() and not shows:
        raise RuleViolation("VARIANT_CONTENT_REQUIRED", "Content is needed", field="content")


def demand_tone(tone: str) -> None:
    demand_storable(tone)
    if len(tone) > TONE_LENGTH:
        raise RuleViolation(
            "VALIDATION_ERROR", f"A tone has at most {TONE_LENGTH} characters", field="tone"
        )
