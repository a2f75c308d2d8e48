"""Hashtags from a text's own words."""

from collections import Counter

import regex

from shared.generation.domain.texts import words

_FUNCTION_WORDS = """
about above after again against also always among another because been before being below between
both cannot could does doing done down during each even every everything from further have having
here hers herself himself into itself just like made make makes many more most much must myself
never none only other others ours over please same shall should since some such than that their
theirs them then there these they this those through today tomorrow under until upon very want
wants were what when where which while whom will with within without would your yours yourself
write announce post text dass eine einen einem einer eines aber auch nach oder sich sind über unser
unsere unter wird werden wenn nicht noch doch jetzt heute haben
"""
_COMMON = frozenset(_FUNCTION_WORDS.split())
_SHORTEST, _LONGEST = 4, 40
_GENITIVE = regex.compile(r"['\u2019]s$")
_NOT_IN_TAG = regex.compile(r"[^\p{L}\p{M}\p{N}_]")


def significant(text: str) -> Counter[str]:
    """How often each word occurs that a text may be about, in the case it has first."""
    spelled: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for word in words(text):
        bare = _NOT_IN_TAG.sub("", _GENITIVE.sub("", word))
        key = bare.casefold()
        if _SHORTEST <= len(bare) <= _LONGEST and key not in _COMMON and not bare.isdecimal():
            counted[spelled.setdefault(key, bare)] += 1
    return counted


def hashtags(text: str, count: int) -> list[str]:
    """Up to `count`, the most frequent words first, then those that come first."""
    return [f"#{_capital(word)}" for word, _ in significant(text).most_common(count)]


def _capital(word: str) -> str:
    return word[0].upper() + word[1:]
