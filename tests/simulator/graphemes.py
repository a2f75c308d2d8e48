"""Graphemes by the rules of UAX #29, from the standard library's character properties alone.

Deliberately not the library the product counts with. Complete for the scripts and emoji the tests
use; the rare tables (prepended marks, some vowel signs) are left out.
"""

import unicodedata

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_PICTOGRAPHS = (
    *((0xA9, 0xA9), (0xAE, 0xAE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122)),
    *((0x2139, 0x2139), (0x2194, 0x21AA), (0x231A, 0x23FF), (0x24C2, 0x24C2), (0x25AA, 0x25FE)),
    *((0x2600, 0x27BF), (0x2934, 0x2935), (0x2B05, 0x2B55), (0x3030, 0x303D), (0x3297, 0x3299)),
    *((0x1F000, 0x1F1E5), (0x1F200, 0x1F3FA), (0x1F400, 0x1FAFF)),
)
_LINKERS = frozenset("\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d")
_CONSONANTS = (
    *((0x915, 0x939), (0x958, 0x95F), (0x995, 0x9B9), (0xA95, 0xAB9)),
    *((0xB15, 0xB39), (0xC15, 0xC39), (0xD15, 0xD3A)),
)
_EXTENDING_VOWELS = frozenset("\u09be\u09d7\u0b3e\u0b57\u0bbe\u0bd7\u0cc2\u0d3e\u0d57")


def count(text: str) -> int:
    return len(split(text))


def split(text: str) -> list[str]:
    clusters: list[str] = []
    for character in text:
        if clusters and not _breaks(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _breaks(cluster: str, character: str) -> bool:
    """Whether a boundary lies between a cluster and the character after it."""
    if cluster == "\r" and character == "\n":
        return False
    if _is_control(cluster[-1]) or _is_control(character):
        return True
    if _continues(character) or _joins_hangul(cluster[-1], character):
        return False
    if _is_pictograph(character) and cluster[-1] == _ZWJ:
        return not _ends_with_pictograph(cluster[:-1])
    if _is_between(character, _CONSONANTS):
        return not _awaits_consonant(cluster)
    return not (_is_regional(character) and _is_regional(cluster))


def _is_control(character: str) -> bool:
    if character in (_ZWNJ, _ZWJ) or 0xE0020 <= ord(character) <= 0xE007F:
        return False
    return unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp", "Cs"}


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Mn", "Me"}
        or character == _ZWNJ
        or character in _EXTENDING_VOWELS
        or 0x1F3FB <= ord(character) <= 0x1F3FF
        or 0xE0020 <= ord(character) <= 0xE007F
        or character in "\uff9e\uff9f"
    )


def _continues(character: str) -> bool:
    return (
        _extends(character)
        or character == _ZWJ
        or unicodedata.category(character) == "Mc"
        or character in "\u0e33\u0eb3"
    )


def _is_regional(text: str) -> bool:
    return len(text) == 1 and 0x1F1E6 <= ord(text) <= 0x1F1FF


def _is_pictograph(character: str) -> bool:
    return _is_between(character, _PICTOGRAPHS)


def _ends_with_pictograph(cluster: str) -> bool:
    while cluster and _extends(cluster[-1]):
        cluster = cluster[:-1]
    return bool(cluster) and _is_pictograph(cluster[-1])


def _awaits_consonant(cluster: str) -> bool:
    """A consonant, then marks of which one is a virama."""
    tail = cluster
    while tail and (_extends(tail[-1]) or tail[-1] == _ZWJ):
        tail = tail[:-1]
    marks = cluster[len(tail) :]
    return bool(tail) and _is_between(tail[-1], _CONSONANTS) and bool(_LINKERS & set(marks))


def _joins_hangul(before: str, after: str) -> bool:
    match _hangul(before), _hangul(after):
        case ("L", "L" | "V" | "LV" | "LVT") | ("LV" | "V", "V" | "T") | ("LVT" | "T", "T"):
            return True
    return False


def _hangul(character: str) -> str:
    code = ord(character)
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    for kind, first, last in (("L", 0x1100, 0x115F), ("V", 0x1160, 0x11A7), ("T", 0x11A8, 0x11FF)):
        if first <= code <= last:
            return kind
    return ""


def _is_between(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)
