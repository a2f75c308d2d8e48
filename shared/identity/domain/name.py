"""A person's name, as plain text."""

import re

from shared.kernel.errors import RuleViolation

MAXIMUM_NAME = 255
_TAG = re.compile(r"<(?:[a-z/!?][^>]*)(?:>|$)", re.IGNORECASE)
"""A tag as a browser sees it, its end missing or not; ``5 < 6`` is none."""
_READ_AT_MOST = 4 * MAXIMUM_NAME
"""Tags within tags are taken off layer by layer, which must not go on for ever."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def plain_name(text: str) -> str:
    """The name without tags, without control characters, with single spaces.

    Raises:
        RuleViolation: `VALIDATION_ERROR`; nothing is left, or more than 255 characters.
    """
    name = " ".join(_CONTROL.sub(" ", _without_tags(text)).split())
    if len(text) > _READ_AT_MOST or not 1 <= len(name) <= MAXIMUM_NAME:
        raise RuleViolation(
            "VALIDATION_ERROR", f"A name has 1 to {MAXIMUM_NAME} characters", field="name"
        )
    return name


def _without_tags(text: str) -> str:
    left = text[:_READ_AT_MOST]
    while (stripped := _TAG.sub("", left)) != left:
        left = stripped
    return left
