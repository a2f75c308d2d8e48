"""Mastodon's count of a status, scanned by hand from the rules of its source.

Deliberately not the product's expressions: an error in one of the two must show.
"""

import unicodedata
from collections.abc import Callable, Iterator

from tests.simulator import graphemes

_SCHEMES = ("https", "http", "dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "gemini")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~")
_WHITE = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    + "".join(map(chr, range(0x2000, 0x200B)))
)
_DIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVALID = frozenset("\ufffe\ufeff\uffff")
_NO_PATH_END = frozenset("()?!*\"'「」<>;:=,.$%[]~&|@")
_QUERY = frozenset("!?*'();:&=+$/%#[]-_.,~|@^")
_QUERY_END = frozenset("_&=#/-")
_OTHER_SCRIPTS = ("рф", "укр", "中国", "みんな", "한국", "ไทย")


def count(text: str) -> int:
    if not text.strip():
        return 0
    text = text.strip(" \t\n\v\f\r\0")
    counted, position = "", 0
    for start, end, replacement in sorted([*_urls(text), *_mentions(text)]):
        if start >= position:
            counted += text[position:start] + replacement
            position = end
    return graphemes.count(counted + text[position:])


def _urls(text: str) -> Iterator[tuple[int, int, str]]:
    position = 0
    while position < len(text):
        end = _url_end(text, position)
        if end is not None:
            yield position, end, "x" * 23
        position = end or position + 1


def _url_end(text: str, start: int) -> int | None:
    if start and (_is_latin(text[start - 1]) or text[start - 1] in "@\uff20$#\uff03"):
        return None
    if start and text[start - 1] in _INVALID:
        return None
    rest = text[start : start + 10].lower()
    scheme = next((each for each in _SCHEMES if rest.startswith(f"{each}://")), None)
    if scheme is None:
        return None
    end = _domain_end(text, start + len(scheme) + 3)
    if end is None:
        return None
    return _query_end(text, _path_end(text, _port_end(text, end)))


def _domain_end(text: str, start: int) -> int | None:
    """After the last label that can be a top-level domain."""
    stop = start
    while stop < len(text) and (_is_domain(text[stop]) or text[stop] in "_-."):
        stop += 1
    labels = text[start:stop].split(".")
    for last in range(len(labels) - 1, 0, -1):
        *subdomains, name = labels[:last]
        if all(map(_is_label, subdomains)) and _is_label(name) and "_" not in name:
            end = _top_level_end(text, start + len(".".join(labels[:last])) + 1)
            if end is not None:
                return end
    return None


def _is_label(label: str) -> bool:
    return bool(label) and label[0] not in "_-" and label[-1] not in "_-"


def _top_level_end(text: str, start: int) -> int | None:
    end = start
    if text[start : start + 4].lower() == "xn--":
        end = start + 4
        while end < len(text) and _is_latin(text[end]):
            end += 1
        if end > start + 4:
            return end
    end = start
    while end < len(text) and _is_latin(text[end]) and not text[end].isdigit():
        end += 1
    if end - start >= 2 and _may_follow_domain(text, end):
        return end
    for name in _OTHER_SCRIPTS:
        if text.startswith(name, start) and _may_follow_domain(text, start + len(name)):
            return start + len(name)
    return None


def _may_follow_domain(text: str, end: int) -> bool:
    return end == len(text) or not (_is_latin(text[end]) or text[end] in "@+-")


def _port_end(text: str, start: int) -> int:
    end = start + 1
    while text[start : start + 1] == ":" and end < len(text) and text[end] in "0123456789":
        end += 1
    return end if end > start + 1 else start


def _path_end(text: str, start: int) -> int:
    if text[start : start + 1] != "/":
        return start
    end = position = start + 1
    while position < len(text):
        closing = _parentheses_end(text, position)
        if closing is not None:
            end = position = closing
            continue
        if not _is_path(text[position]):
            break
        position += 1
        if text[position - 1] not in _NO_PATH_END:
            end = position
    return end


def _parentheses_end(text: str, start: int) -> int | None:
    """After balanced parentheses, one level of others inside them."""
    if text[start : start + 1] != "(":
        return None
    position = _run_end(text, start + 1)
    if text[position : position + 1] == "(":
        inner = _run_end(text, position + 1)
        if inner == position + 1 or text[inner : inner + 1] != ")":
            return None
        position = _run_end(text, inner + 1)
    elif position == start + 1:
        return None
    return position + 1 if text[position : position + 1] == ")" else None


def _run_end(text: str, start: int) -> int:
    while start < len(text) and _is_path(text[start]):
        start += 1
    return start


def _query_end(text: str, start: int) -> int:
    end, position = start, start + 1
    while text[start : start + 1] == "?" and position < len(text):
        character = text[position]
        if not (_is_unreserved(character) or character in _QUERY):
            break
        position += 1
        if _is_unreserved(character) or character in _QUERY_END:
            end = position
    return end


def _mentions(text: str) -> Iterator[tuple[int, int, str]]:
    position = 0
    while (start := text.find("@", position)) >= 0:
        position = start + 1
        if start and (text[start - 1] in "=/" or _is_word(text[start - 1])):
            continue
        name_end = _joined_end(text, start + 1, _is_name)
        if name_end == start + 1:
            continue
        end = name_end
        if text[end : end + 1] == "@":
            host_end = _joined_end(text, end + 1, _is_word)
            end = host_end if host_end > end + 1 else end
        position = end
        if not _spoils_mention(text[end : end + 3]):
            yield start, end, text[start:name_end]


def _joined_end(text: str, start: int, belongs: Callable[[str], bool]) -> int:
    """After words joined by dots and hyphens, the last of which is a word."""
    end = position = start
    while position < len(text):
        if belongs(text[position]):
            position += 1
            end = position
        elif text[position] in ".-" and end > start:
            position += 1
        else:
            break
    return end


def _spoils_mention(after: str) -> bool:
    if after.startswith(("@", "\uff20", "://")):
        return True
    code = ord(after[0]) if after else 0
    accents = ((0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x24F), (0x300, 0x36F), (0x1E00, 0x1EFF))
    return any(first <= code <= last for first, last in accents)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_unreserved(character: str) -> bool:
    """Latin letters and digits, and whatever RFC 3987 calls `ucschar` or `iprivate`."""
    code = ord(character)
    others = ((0xD800, 0xDFFF), (0xFDD0, 0xFDEF), (0xFFFE, 0xFFFF), (0xE0000, 0xE0FFF))
    if code < 0xA0:
        return _is_latin(character)
    return not any(first <= code <= last for first, last in others)


def _is_name(character: str) -> bool:
    return _is_latin(character) or character == "_"


def _is_word(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category in {"Nd", "Pc"}


def _is_domain(character: str) -> bool:
    excluded = _PUNCTUATION | _WHITE | _DIRECTIONAL | _INVALID
    return character not in excluded and character > " " and character not in "\x7f\u180e"


def _is_path(character: str) -> bool:
    return character not in _WHITE and character not in "<>()?"
