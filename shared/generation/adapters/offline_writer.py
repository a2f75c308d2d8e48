"""Writing without a model: it picks, orders and fits what people gave, and adds no word to it.

The same wish always gets the same answer. What cannot be done honestly this way is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.generation.adapters import offline_help
from shared.generation.domain.brief import (
    Assistance,
    Assisted,
    Brief,
    Draft,
    Task,
    Written,
)
from shared.generation.domain.channel import Place
from shared.generation.domain.hashtags import hashtags
from shared.generation.domain.texts import sentences, shortened
from shared.generation.domain.usage import OFFLINE, Usage
from shared.kernel.errors import Conflict

FREE = Usage(ai_model=OFFLINE, cost=Decimal(0))
_EMOJIS = ("✨", "📣", "💡", "👉", "🎉")
_LIVELY = frozenset(
    {"casual", "cheerful", "enthusiastic", "excited", "friendly", "fun", "humorous", "playful"}
)
_SOBER = frozenset({"formal", "professional", "serious", "neutral", "informative"})
_ENDED = tuple('.!?:)"' + "\u2026\u3002\uff01\uff1f\u201d\u2019")
_PARTS = 40
"""More sentences than any text for a network has room for."""


class OfflineWriter:
    """The writer that is always there."""

    def write(self, brief: Brief) -> Written:
        drafts = [
            Draft(channel=place.channel.id, content=text)
            for place in brief.places
            for text in _texts(brief, place)
        ]
        return Written(drafts=drafts, usage=FREE)

    def assist(self, wish: Assistance) -> Assisted:
        match wish.task:
            case Task.CAPTIONS:
                texts = _captions(wish)
            case Task.HASHTAGS:
                texts = hashtags(wish.text, wish.count)
            case Task.IMPROVE:
                assert wish.goal is not None, "an improvement has a goal"
                texts = [offline_help.improved(wish.text, wish.goal)]
            case Task.IDEAS:
                texts = offline_help.ideas(wish.text, wish.count)
            case _:
                raise Conflict(
                    "AI_MODEL_REQUIRED",
                    "This takes a language model, and none is set up here",
                    meta={"task": wish.task},
                )
        if wish.place is not None:
            texts = [shortened(text, wish.place.takes) for text in texts]
        return Assisted(texts=texts, usage=FREE)


def _captions(wish: Assistance) -> list[str]:
    assert wish.place is not None, "a caption has a place"
    brief = Brief(prompt=wish.text, tone=wish.tone, places=[wish.place], count=wish.count)
    return _texts(brief, wish.place)


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """One way of putting it: how many hashtags, what between the parts, and where it begins.

    `most`: how many sentences at most; `lists`: all but the first are marked as a list.
    """

    tags: int
    between: str
    most: int = 100
    lists: bool = False
    turned: bool = False


_LAYOUTS = (
    _Layout(tags=3, between=" "),
    _Layout(tags=2, between="\n", lists=True),
    _Layout(tags=1, between=" ", most=1),
    _Layout(tags=3, between="\n\n", turned=True),
    _Layout(tags=0, between=" ", most=2),
)


def _texts(brief: Brief, place: Place) -> list[str]:
    """As many different ones as were asked for, or as there is something to say for."""
    parts = list(dict.fromkeys(sentences(brief.material)))[:_PARTS]
    found: dict[str, None] = {}
    for emoji in ("", *_EMOJIS):
        for layout in _LAYOUTS:
            if len(found) == brief.count:
                break
            if text := _laid_out(brief, place, parts, layout, emoji=emoji):
                found.setdefault(text)
    return list(found)


def _laid_out(
    brief: Brief, place: Place, parts: Sequence[str], layout: _Layout, *, emoji: str
) -> str:
    turned = [*parts[1:], *parts[:1]] if layout.turned else list(parts)
    toned = [_toned(part, brief.tone, is_first=not place) for place, part in enumerate(turned)]
    wants_emojis = brief.include_emojis and (brief.tone or "").casefold() not in _SOBER
    mark = emoji or (_EMOJIS[_LAYOUTS.index(layout)] if wants_emojis else "")
    tags = hashtags(brief.material, layout.tags) if brief.include_hashtags else []
    ending = " ".join([mark, *tags]).strip()

    def ended(text: str) -> str:
        gap = "\n\n" if layout.lists or layout.between == "\n\n" else " "
        return f"{text}{gap}{ending}" if ending else text

    text = _filled(toned[: layout.most], layout, lambda text: place.takes(ended(text)))
    return ended(text) if text else _filled(toned[:1], layout, place.takes)


def _filled(parts: Sequence[str], layout: _Layout, fits: Callable[[str], bool]) -> str:
    """The first part, shortened at need, and of the others all that fit whole."""
    text = shortened(parts[0], fits) if parts else ""
    if not text or text != parts[0]:
        return text
    for part in parts[1:]:
        longer = f"{text}{layout.between}{'• ' if layout.lists else ''}{part}"
        if fits(longer):
            text = longer
    return text


def _toned(sentence: str, tone: str | None, *, is_first: bool) -> str:
    """Ended as a sentence is in that tone; what ends in a link or a hashtag stays as it is."""
    last = sentence.rsplit(maxsplit=1)[-1]
    if last.startswith(("http", "#", "@", "www.")):
        return sentence
    word = (tone or "").casefold()
    if word in _LIVELY and is_first:
        bare = sentence.removesuffix(".")
        return bare if bare.endswith(_ENDED) else f"{bare}!"
    if word in _SOBER:
        bare = sentence.rstrip("!")
        return bare if bare.endswith(_ENDED) else f"{bare}."
    return sentence if sentence.endswith(_ENDED) or not word else f"{sentence}."
