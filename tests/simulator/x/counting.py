"""X's count of a post and its links, scanned by hand from the rules of twitter-text.

Deliberately not the product's expressions: an error in one of the two must show. Good for the links
and emoji of tests, no more.
"""

import unicodedata
from collections.abc import Iterator

from tests.simulator import graphemes

LINK = 23
_LIGHT = ((0x0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
_KNOWN = frozenset(("com", "org", "net", "de", "co", "jp", "io", "рф"))
_SPACES = frozenset(" \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000")
_NO_HOST = frozenset("!'#%&()*+,\\/:;<=>?@[]^{|}~$\"`\u200e\u200f\ufeff")
_NO_START = frozenset("@\uff20$#\uff03\ufeff")
_PATH = frozenset("!*';:=+,.$/%#[]-\u2013_~@|&")
_PATH_END = frozenset("+-=_#/")
_QUERY = frozenset("!?*'@();:&=+$/%#[]-_.,~|")
_QUERY_END = frozenset("-_&=#/")


def count(text: str) -> int:
    text = unicodedata.normalize("NFC", text)
    total = position = 0
    for start, end in links(text):
        total += _weight(text[position:start]) + LINK
        position = end
    return total + _weight(text[position:])


def links(text: str) -> Iterator[tuple[int, int]]:
    """Where links are, in a text in its composed form."""
    position = 0
    while position < len(text):
        end = _link_end(text, position)
        if end is not None:
            yield position, end
        position = end or position + 1


def _weight(text: str) -> int:
    return sum(2 if _is_emoji(one) else _plain(one) for one in graphemes.split(text))


def _is_emoji(cluster: str) -> bool:
    first = ord(cluster[0])
    if cluster[-1] == "\u20e3" or 0x1F1E6 <= first <= 0x1F1FF:
        return True
    return first > 0xFF and unicodedata.category(cluster[0]) in {"So", "Sk"}


def _plain(cluster: str) -> int:
    return sum(1 if _is_light(ord(one)) else 2 for one in cluster)


def _is_light(code: int) -> bool:
    return any(first <= code <= last for first, last in _LIGHT)


def _link_end(text: str, start: int) -> int | None:
    before = text[start - 1 : start]
    if before in _NO_START or (before.isascii() and before.isalnum()):
        return None
    rest = text[start : start + 8].lower()
    scheme = next((one for one in ("https://", "http://") if rest.startswith(one)), "")
    if not scheme and before and before in "-_./":
        return None
    host_end = _host_end(text, start + len(scheme), any_domain=bool(scheme))
    return None if host_end is None else _tail_end(text, host_end, is_bare=not scheme)


def _host_end(text: str, start: int, *, any_domain: bool) -> int | None:
    stop = start
    while stop < len(text) and text[stop] not in _SPACES and text[stop] not in _NO_HOST:
        if not any_domain and not text[stop].isascii():
            break
        stop += 1
    labels = text[start:stop].split(".")
    for last in range(len(labels) - 1, 0, -1):
        name, before = _leading_letters(labels[last]), labels[:last]
        is_known = len(name) > 1 if any_domain else name.lower() in _KNOWN
        if is_known and all(one and one[0] not in "-_" and one[-1] not in "-_" for one in before):
            end = start + sum(len(one) + 1 for one in before) + len(name)
            if text[end : end + 1] not in ("@", "-", "+") and all(map(_fits, before)):
                return end
    return None


def _leading_letters(label: str) -> str:
    """The part that may be a top-level domain: of Latin letters, or of others alike."""
    end = 0
    while end < len(label) and label[end].isalpha() and label[end].isascii() == label[0].isascii():
        end += 1
    return label[:end] if not label[end : end + 1].isdigit() else ""


def _fits(label: str) -> bool:
    return len(label if label.isascii() else f"xn--{label.encode('punycode').decode()}") <= 63


def _tail_end(text: str, start: int, *, is_bare: bool) -> int:
    """After port, path and query; a link without a scheme has a query behind a path only."""
    end = start
    if text[end : end + 1] == ":" and text[end + 1 : end + 2].isdigit():
        end += 1
        while text[end : end + 1].isdigit():
            end += 1
    has_path = text[end : end + 1] == "/"
    if has_path:
        end = _path_end(text, end)
    if is_bare and not has_path:
        return start
    if text[end : end + 1] == "?":
        return _query_end(text, end)
    return end


def _path_end(text: str, start: int) -> int:
    end = position = start + 1
    while position < len(text):
        if text[position] == "(":
            closing = text.find(")", position)
            if closing < 0 or not all(map(_is_path, text[position + 1 : closing])):
                break
            end = position = closing + 1
        elif _is_path(text[position]):
            position += 1
            if text[position - 1].isalnum() or text[position - 1] in _PATH_END:
                end = position
        else:
            break
    return end


def _is_path(character: str) -> bool:
    code = ord(character)
    is_letter = character.isalnum() and (code < 0x250 or 0x400 <= code <= 0x4FF)
    return is_letter or character in _PATH


def _query_end(text: str, start: int) -> int:
    end, position = start, start + 1
    while position < len(text):
        is_plain = text[position].isascii() and text[position].isalnum()
        if not is_plain and text[position] not in _QUERY:
            break
        position += 1
        if is_plain or text[position - 1] in _QUERY_END:
            end = position
    return end
