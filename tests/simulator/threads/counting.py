"""Text as Threads counts it: a character is one, an emoji as many as its bytes in UTF-8."""

from tests.simulator.graphemes import split

_DRAWN = frozenset(
    "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗\u2795\u2796➗➰➿⬛⬜⭐⭕"
)
"""Those below U+1F000 that are drawn as emoji without being asked to."""


def count(text: str) -> int:
    """Grapheme by grapheme: one that is drawn as an emoji counts all its bytes."""
    return sum(len(one.encode()) if _is_drawn(one) else len(one) for one in split(text))


def _is_drawn(grapheme: str) -> bool:
    return any(
        character in _DRAWN or character == "\ufe0f" or 0x1F000 <= ord(character) <= 0x1FAFF
        for character in grapheme
    )
