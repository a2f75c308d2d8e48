"""A post of LinkedIn: what its API takes, and the format `little` read back.

Stricter than LinkedIn in one thing: a character that is reserved and not escaped is refused, where
LinkedIn takes the post and cuts it there.
"""

import re
import unicodedata
from typing import Any

MAXIMUM = 3000
_RESERVED = frozenset("\\|{}@[]()<>#*_~")
_MENTION = re.compile(r"@\[([^\[\]()\\]+)\]\(urn:li:(?:person|organization):[\w-]+\)")
_FIELDS: dict[str, type] = {
    "author": str,
    "commentary": str,
    "visibility": str,
    "distribution": dict,
    "lifecycleState": str,
    "isReshareDisabledByAuthor": bool,
}
_VISIBILITIES = ("PUBLIC", "CONNECTIONS", "LOGGED_IN")
_DISTRIBUTION = {"feedDistribution", "targetEntities", "thirdPartyDistributionChannels"}


class Misread(Exception):
    """What a text of the format `little` may not be."""


def fault_of(wish: dict[str, Any]) -> str:
    """What is wrong with a body; nothing where nothing is."""
    for name in wish.keys() - {*_FIELDS, "content"}:
        return f"ERROR :: /{name} :: unrecognized field found but not allowed"
    for name, kind in _FIELDS.items():
        if not isinstance(wish.get(name), kind):
            return f"ERROR :: /{name} :: field is required but not found and has no default value"
    if not isinstance(wish.get("content", {}), dict):
        return "ERROR :: /content :: is not an object"
    values = (wish["visibility"], wish["lifecycleState"], wish["distribution"].keys())
    if values not in [(seen, "PUBLISHED", _DISTRIBUTION) for seen in _VISIBILITIES]:
        return "ERROR :: / :: is not a value that the schema allows"
    if wish["visibility"] == "CONNECTIONS" and not wish["author"].startswith("urn:li:person:"):
        return "Organizations may not post to connections"
    return ""


def read(commentary: str) -> str:
    """What is shown.

    Raises:
        Misread: something that is reserved is not escaped.
    """
    shown, position = [], 0
    while position < len(commentary):
        character = commentary[position]
        mention = _MENTION.match(commentary, position)
        if mention:
            shown.append(mention[0])
            position = mention.end()
        elif character == "\\" and commentary[position + 1 : position + 2] in _RESERVED:
            shown.append(commentary[position + 1])
            position += 2
        elif character in _RESERVED and not _begins_hashtag(commentary, position):
            raise Misread(f"{character} at {position}")
        else:
            shown.append(character)
            position += 1
    return "".join(shown)


def length(text: str) -> int:
    return sum(2 if ord(character) > 0xFFFF else 1 for character in text)


def _begins_hashtag(text: str, position: int) -> bool:
    before = text[position - 1 : position]
    if text[position] != "#" or not (before.isspace() or _opens(before)):
        return False
    end = position + 1
    while end < len(text) and unicodedata.category(text[end])[0] in "LMN":
        end += 1
    return any(character.isalpha() for character in text[position + 1 : end])


def _opens(before: str) -> bool:
    """Nothing does, too."""
    return not before or unicodedata.category(before) in {"Ps", "Pi"}
