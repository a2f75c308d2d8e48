"""Text as Threads measures it: characters, but an emoji counts the bytes it takes in UTF-8.

Source: developers.facebook.com (Threads API: posts, text limits).
"""

import regex

MAXIMUM = 500
_EMOJI = regex.compile(
    r"\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}"
    r"|[\u200D\uFE0F\u20E3]|[\U000E0020-\U000E007F]"
)


def post_length(text: str) -> int:
    """What joins and colours emoji is of them, and counts its bytes too."""
    more = sum(len(found.encode()) - 1 for found in _EMOJI.findall(text))
    return len(text) + more
