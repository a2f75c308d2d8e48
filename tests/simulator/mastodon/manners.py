"""How a status may be asked to appear: the parameters of `POST /api/v1/statuses` beside its text.

Stricter than a server, which passes over parameters and languages it does not know, and takes many
words for a boolean.
"""

import re
from dataclasses import dataclass
from typing import Any

_KNOWN = {
    "status",
    "in_reply_to_id",
    "visibility",
    "spoiler_text",
    "language",
    "sensitive",
}
_VISIBILITIES = {"public", "unlisted", "private", "direct"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_BOOLEANS = {True: True, False: False, "true": True, "false": False}


class InvalidStatus(Exception):
    """The words behind "Validation failed"."""


@dataclass(frozen=True, kw_only=True)
class Manner:
    visibility: str = "public"
    spoiler_text: str = ""
    language: str | None = None
    sensitive: bool = False


def manner_of(wish: dict[str, Any]) -> Manner:
    unknown = wish.keys() - _KNOWN
    if unknown:
        raise InvalidStatus(f"Unknown parameters: {', '.join(sorted(unknown))}")
    visibility = wish.get("visibility", "public")
    if visibility not in _VISIBILITIES:
        raise InvalidStatus("Visibility is not included in the list")
    warning = wish.get("spoiler_text", "")
    if not isinstance(warning, str):
        raise InvalidStatus("Spoiler text is not a text")
    language = wish.get("language")
    if language is not None and not (isinstance(language, str) and _LANGUAGE.fullmatch(language)):
        raise InvalidStatus("Language is not one")
    sensitive = wish.get("sensitive", False)
    if not isinstance(sensitive, bool | str) or sensitive not in _BOOLEANS:
        raise InvalidStatus("Sensitive is neither true nor false")
    return Manner(
        visibility=visibility,
        spoiler_text=warning.strip(),
        language=language,
        sensitive=_BOOLEANS[sensitive] or bool(warning.strip()),
    )
