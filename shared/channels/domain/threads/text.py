"""Text as Threads measures it: characters, but an emoji counts the bytes it takes in UTF-8.

Source: developers.facebook.com (Threads API: posts, text limits).
"""

from collections.abc import Mapping
from typing import Any

import regex

from shared.channels.domain.text_bounds import LINK, Bound

MAXIMUM = 500
BOUNDS = (Bound(things="links", pattern=LINK, limit=5, counts_once=True),)
_EMOJI = regex.compile(
    r"(?:(?:\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Regional_Indicator})"
    r"[\u20E3\p{Emoji_Modifier}\U000E0020-\U000E007F]*(?:\u200D\p{Emoji}\uFE0F?\p{Emoji_Modifier}*)*)"
)
"""With what colours it, and what is joined to it."""


def post_length(text: str) -> int:
    more = sum(len(found.encode()) - len(found) for found in _EMOJI.findall(text))
    return len(text) + more


def with_link(text: str, settings: Mapping[str, Any], *, replies: bool) -> str:
    """With the link that a root shows as a card, which counts among those of its text."""
    return text if replies else f"{text} {settings.get('link_attachment', '')}"
