"""Graphemes: what a reader sees as one character (UAX #29, extended clusters)."""

import regex

_GRAPHEME = regex.compile(r"\X")


def count_graphemes(text: str) -> int:
    """A family emoji, a flag and a letter with its accents are one each."""
    return sum(1 for _ in _GRAPHEME.finditer(text))
