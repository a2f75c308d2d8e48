"""Sentences, words and graphemes of a text in any language, and shortening that breaks none."""

from collections.abc import Callable, Sequence

import regex

_GRAPHEME = regex.compile(r"\X")
_CLOSING = "[\"'\u201d\u2019)\\]]"
_SENTENCE_END = regex.compile(
    rf"(?<=[.!?\u2026]{_CLOSING}*) (?=\S)|(?<=[\u3002\uff01\uff1f])"  # these need no space
)
_BULLET = regex.compile("^(?:[\u2022\u2023*\u2013\u2014-]|\\d{1,2}[.)])\\s+")
_WORD = regex.compile(r"(?<![\p{L}\p{M}\p{N}_])[\p{L}\p{N}][\p{L}\p{M}\p{N}_'\u2019]*")
_ADDRESS = regex.compile(r"(?:https?://|www\.)\S+|(?<!\S)[^\s@]+@\S+|[@#]\w+", regex.IGNORECASE)
_WORD_END = regex.compile(r"(?<=\S)\s")
_DANGLING = ",;:\u2013\u2014-"
_ELLIPSIS = "\u2026"


def graphemes(text: str) -> list[str]:
    return list(_GRAPHEME.findall(text))


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text, without the marks of lists."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    parts = (part for line in lines for part in _SENTENCE_END.split(_BULLET.sub("", line)))
    return [part for part in parts if part]


def words(text: str) -> list[str]:
    """The words of a text; links, mentions and hashtags are none."""
    return list(_WORD.findall(_ADDRESS.sub(" ", text)))


def shortened(text: str, fits: Callable[[str], bool]) -> str:
    """As much of a text as fits: up to the end of a word, or of a grapheme where none fits.

    What is cut ends in an ellipsis. Empty where not even a grapheme fits.
    """
    if fits(text):
        return text
    ends = [found.start() for found in _WORD_END.finditer(text)]
    return _cut(text, ends, fits) or _cut(
        text, [found.end() for found in _GRAPHEME.finditer(text)], fits
    )


def _cut(text: str, ends: Sequence[int], fits: Callable[[str], bool]) -> str:
    """Found by halving, then by steps: a network may count a longer text shorter, as with links."""
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high) // 2
        if fits(_ended(text[: ends[middle]])):
            low = middle + 1
        else:
            high = middle
    for end in reversed(ends[:low]):
        cut = _ended(text[:end])
        if len(cut) > 1 and fits(cut):
            return cut
    return ""


def _ended(text: str) -> str:
    return text.rstrip().rstrip(_DANGLING) + _ELLIPSIS
