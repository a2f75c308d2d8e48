"""Text as Threads counts it: a character is one, an emoji as many as its bytes in UTF-8."""

from tests.simulator.graphemes import graphemes


def count(text: str) -> int:
    """Grapheme by grapheme: one that is drawn as an emoji counts all its bytes."""
    total = 0
    for one in graphemes(text):
        is_emoji = any(_is_drawn(character) for character in one)
        total += len(one.encode()) if is_emoji else len(one)
    return total


def _is_drawn(character: str) -> bool:
    number = ord(character)
    return (
        0x1F000 <= number <= 0x1FAFF
        or 0x2600 <= number <= 0x27BF
        or 0x2B00 <= number <= 0x2BFF
        or number == 0xFE0F
    )
