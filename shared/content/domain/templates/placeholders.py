"""``{{name}}`` in a text: which there are, and the text with values in their places."""

import re
from collections.abc import Mapping

from shared.kernel.errors import RuleViolation

RENDERED_LENGTH = 50_000
"""In characters; a text that repeats a placeholder could grow without end."""

# A name ends at the first brace, so that no text takes longer to search than its length.
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


def placeholders(text: str) -> list[str]:
    """The names in the order in which they first appear."""
    return list(dict.fromkeys(_PLACEHOLDER.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with every placeholder replaced, once: what is in a value is nothing but text.

    Raises:
        RuleViolation: `RENDERED_TOO_LONG`, said before anything is built.
    """
    found = list(_PLACEHOLDER.finditer(text))
    length = len(text) + sum(len(values[each[1]]) - len(each[0]) for each in found)
    if length > RENDERED_LENGTH:
        raise RuleViolation(
            "RENDERED_TOO_LONG",
            f"The text would have {length} characters, at most {RENDERED_LENGTH} are made",
            field="values",
            meta={"count": length, "limit": RENDERED_LENGTH},
        )
    return _PLACEHOLDER.sub(lambda each: values[each[1]], text)
