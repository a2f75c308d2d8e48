"""How well a suggestion keeps to what was asked: an order to read in, no judgement of style."""

from decimal import Decimal

import regex

from shared.generation.domain.brief import Brief
from shared.generation.domain.channel import Place
from shared.generation.domain.hashtags import significant

_TAG = regex.compile(r"(?<!\w)#\w+")
_ENDING = regex.compile(
    r"(?:[.!?:)\]\"\u201d\u2019\u3002\uff01\uff1f]|#\w+|\p{Extended_Pictographic}\uFE0F?)$"
)
_COVERAGE, _ROOM, _TAGS, _END = 45, 25, 20, 10
_FULL_FROM, _FULL_TO = 0.15, 0.95
"""Shares of the limit between which a text is neither thin nor crammed."""
_MANY_TAGS = 5


def score(content: str, brief: Brief, place: Place) -> Decimal:
    """From 0 to 100, with two decimals."""
    points = (
        _COVERAGE * _coverage(content, brief)
        + _ROOM * _room(place.channel.count(content) / place.limit)
        + _TAGS * _tagging(len(_TAG.findall(content)), wanted=brief.include_hashtags)
        + _END * bool(_ENDING.search(content.rstrip()))
    )
    return Decimal(points).quantize(Decimal("0.01"))


def _coverage(content: str, brief: Brief) -> float:
    """The share of what the material is about that the text speaks of."""
    wanted = {word.casefold() for word, _ in significant(brief.material).most_common(12)}
    told = content.casefold()
    return sum(word in told for word in wanted) / len(wanted) if wanted else 1.0


def _room(share: float) -> float:
    if share < _FULL_FROM:
        return share / _FULL_FROM
    return 1.0 if share <= _FULL_TO else 0.5


def _tagging(found: int, *, wanted: bool) -> float:
    if not wanted:
        return 0.0 if found else 1.0
    return 0.5 if found == 0 or found > _MANY_TAGS else 1.0
