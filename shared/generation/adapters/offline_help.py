"""Help with a text that takes no model: mending, shortening, arranging, and frames for ideas."""

from collections.abc import Callable

import regex

from shared.generation.domain.brief import Goal
from shared.generation.domain.hashtags import hashtags
from shared.generation.domain.texts import sentences

_LINKS = regex.compile(r"((?<!\S)\S*?(?:://|@|#|www\.)\S*)")
_DOUBLED_WORD = regex.compile(r"\b(\p{L}{2,})(\s+\1\b)+", regex.IGNORECASE)
_SPACE_BEFORE_MARK = regex.compile(r"(?<=[\p{L}\p{N})])[^\S\n]+(?=[,.;:!?](?:\s|$))")
_NO_SPACE_AFTER_MARK = regex.compile(r"(?<=\p{Ll}[,;!?])(?=\p{L})|(?<=\p{Ll}{2}\.)(?=\p{Lu})")
_SPACES = regex.compile(r"[^\S\n]{2,}")
_MANY_MARKS = regex.compile(r"([!?])[!?]+")
_MENDING = (
    (_DOUBLED_WORD, r"\1"),
    (_SPACE_BEFORE_MARK, ""),
    (_NO_SPACE_AFTER_MARK, " "),
    (_SPACES, " "),
    (_MANY_MARKS, r"\1"),
)
_BEGINNING = regex.compile(r"(?:^|(?<=[.!?]\s))\p{Ll}", regex.MULTILINE)
_EMOJI = regex.compile(
    r"\s?(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2})"
    r"[\p{M}\u200d\uFE0F\p{Emoji_Modifier}\p{Extended_Pictographic}]*"
)
_FILLER = regex.compile(
    r"\s?\b(?:really|very|actually|basically|literally|simply|quite|rather|just"
    r"|in order(?= to))\b,?(?=\s)",
    regex.IGNORECASE,
)
_SHORTER = 0.6
"""Of its length, at most, a shortened text has left, where whole sentences allow it."""

_IDEAS = (
    "Behind the scenes: how {} comes about",
    "Three questions people ask about {}, answered",
    "Before and after: what {} changes",
    "A short story of one person and {}",
    "A common mistake with {}, and how to avoid it",
    "Ask your readers: what do they expect of {}?",
    "{} in five steps, one picture each",
    "What you have learned about {} this year",
    "A myth about {}, put right",
    "Thank those who make {} possible, by name",
)


def improved(text: str, goal: Goal) -> str:
    return _IMPROVE[goal](text)


def ideas(topic: str, count: int) -> list[str]:
    """Frames that the topic is put into."""
    about = " ".join(topic.split()).rstrip(".!?")
    filled = [frame.format(about) for frame in _IDEAS[:count]]
    return [each[:1].upper() + each[1:] for each in filled]


def _correct(text: str) -> str:
    """Spacing, doubled words, capitals at the beginning of sentences; links stay untouched."""
    parts = _LINKS.split(text.strip())
    mended = "".join(part if place % 2 else _mended(part) for place, part in enumerate(parts))
    return str(_BEGINNING.sub(lambda found: found[0].upper(), mended))


def _mended(part: str) -> str:
    for found, instead in _MENDING:
        part = found.sub(instead, part)
    return part


def _shorten(text: str) -> str:
    bare = _FILLER.sub("", " ".join(_correct(text).split()))
    parts = list(dict.fromkeys(sentences(bare[:1].upper() + bare[1:])))
    kept = parts[:1]
    for part in parts[1:]:
        longer = " ".join([*kept, part])
        if len(longer) <= _SHORTER * len(text):
            kept.append(part)
    return " ".join(kept)


def _clarify(text: str) -> str:
    """One thought a line."""
    return "\n".join(sentences(_correct(text)))


def _engage(text: str) -> str:
    """The first thought by itself, then the rest, then what it is about."""
    first, *others = sentences(_correct(text)) or [text]
    tags = " ".join(hashtags(text, 3))
    return "\n\n".join(part for part in (first, " ".join(others), tags) if part)


def _formalize(text: str) -> str:
    calm = _correct(_EMOJI.sub("", text)).replace("!", ".") or text
    if calm.endswith((".", "?", "…", ":")) or any(map(_LINKS.fullmatch, calm.split()[-1:])):
        return calm
    return f"{calm}."


_IMPROVE: dict[Goal, Callable[[str], str]] = {
    Goal.CORRECT: _correct,
    Goal.SHORTEN: _shorten,
    Goal.CLARIFY: _clarify,
    Goal.ENGAGE: _engage,
    Goal.FORMALIZE: _formalize,
}
