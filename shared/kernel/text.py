"""Text: what of it can be stored, and what of it is no markup."""

import re
from collections.abc import Collection, Mapping
from math import isfinite

from shared.kernel.errors import RuleViolation

DOCUMENT_DEPTH = 20
"""How many objects and arrays may lie inside one another."""
_TAG = re.compile(r"<(?:[a-z/!?][^>]*)(?:>|$)", re.IGNORECASE)
"""A tag as a browser sees it, its end missing or not; ``5 < 6`` is none."""
_LAYERS = 4
"""Tags within tags are taken off layer by layer, so a text is this many times too long at most."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def demand_storable(value: object) -> None:
    """Refuse text and JSON that the database, or a reader after it, could not represent.

    Raises:
        RuleViolation: `VALIDATION_ERROR`.
    """
    level = [value]
    for _ in range(DOCUMENT_DEPTH + 1):
        level = [part for each in level for part in _parts(each)]
        if not level:
            return
    raise RuleViolation("VALIDATION_ERROR", f"This is nested deeper than {DOCUMENT_DEPTH} levels")


def _parts(value: object) -> Collection[object]:
    match value:
        case str():
            _demand_storable_text(value)
        case float() if not isfinite(value):
            raise RuleViolation("VALIDATION_ERROR", "NaN and Infinity are no numbers of JSON")
        case Mapping():
            return [*value.keys(), *value.values()]
        case list():
            return value
    return []


def _demand_storable_text(text: str) -> None:
    if "\0" in text:
        raise RuleViolation("VALIDATION_ERROR", "NUL characters cannot be stored")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise RuleViolation("VALIDATION_ERROR", "Half a surrogate pair is no text") from error


def plain_name(text: str, longest: int) -> str:
    """A name without tags, without control characters, with single spaces.

    Raises:
        RuleViolation: `VALIDATION_ERROR`; nothing is left, or more than `longest` characters.
    """
    read_at_most = _LAYERS * longest
    name = " ".join(_CONTROL.sub(" ", _without_tags(text[:read_at_most])).split())
    if len(text) > read_at_most or not 1 <= len(name) <= longest:
        raise RuleViolation(
            "VALIDATION_ERROR", f"A name has 1 to {longest} characters", field="name"
        )
    return name


def _without_tags(text: str) -> str:
    while (stripped := _TAG.sub("", text)) != text:
        text = stripped
    return text
