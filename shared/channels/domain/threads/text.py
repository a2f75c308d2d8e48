"""Text as Threads measures it: characters, but an emoji counts the bytes it takes in UTF-8.

Source: developers.facebook.com (Threads API: posts, text limits).
"""

import regex

MAXIMUM = 500
_EMOJI = regex.compile(
    r"(?:(?:\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Regional_Indicator})"
    r"[\u20E3\p{Emoji_Modifier}\U000E0020-\U000E007F]*(?:\u200D\p{Emoji}\uFE0F?\p{Emoji_Modifier}*)*)"
)
"""With what colours it, and what is joined to it."""


def post_length(text: str) -> int:
    more = sum(len(found.encode()) - len(found) for found in _EMOJI.findall(text))
    return len(text) + more
