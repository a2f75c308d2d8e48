r"""How X measures a post: twitter-text, configuration v3, with its conformance cases in the tests.

The text is counted in its composed form (NFC). A character weighs 1 up to U+10FF and in most of the
general punctuation, 2 elsewhere; an emoji weighs 2 whatever it is made of, a link 23.

Not the same in two things. twitter-text lists each top-level domain and each emoji by name: here
any letters end the domain of a link that has a scheme, the usual domains that of a link that has
none, and whatever is joined as an emoji sequence is one.
"""

import unicodedata
from collections.abc import Iterator

import regex

from shared.channels.domain.top_level_domains import ELSEWHERE, USUAL

MAXIMUM = 280
LINK = 23
_HEAVY = 2
_LABEL_LENGTH = 63
_LINK_LENGTH = 4096
_SLUG_LENGTH = 40

_EMOJI_CHARACTER = r"(?!(?:\xa9|\xae)(?!\ufe0f))\p{Extended_Pictographic}(?:\ufe0f|\p{EMod})?+"
_EMOJI = regex.compile(
    rf"""
    [\U0001f1e6-\U0001f1ff]{{1,2}}
    | [\#*0-9]\ufe0f?\u20e3
    | \U0001f3f4[\U000e0020-\U000e007e]+\U000e007f
    | {_EMOJI_CHARACTER}(?:\u200d{_EMOJI_CHARACTER})*+
    | \p{{EMod}}
    """,
    regex.VERBOSE,
)
_HEAVY_CHARACTER = regex.compile(r"[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")

_DIRECTIONAL = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVALID = r"\ufffe\ufeff\uffff"
_SPACES = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_NOT_IN_DOMAIN = rf"!'\#%&()*+,\\\-./:;<=>?@\[\]\^_{{|}}~$\"`{_SPACES}{_DIRECTIONAL}{_INVALID}"
_ACCENTED = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    r"\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_IN_LABEL = rf"[^{_NOT_IN_DOMAIN}]"
_SUBDOMAIN = rf"{_IN_LABEL}(?:{_IN_LABEL}|[_-]){{0,62}}+(?<![_-])\."
_DOMAIN_NAME = rf"{_IN_LABEL}(?:{_IN_LABEL}|-){{0,62}}+(?<!-)\."
_ENDS = r"(?=[^0-9a-z@+-]|$)"
_OTHER_SCRIPTS = "|".join(sorted(ELSEWHERE))
_ANY = rf"(?:xn--[0-9a-z]+|(?:[a-z]{{2,63}}|{_OTHER_SCRIPTS}){_ENDS})"
_KNOWN = rf"(?:xn--[0-9a-z]+|(?:{'|'.join(sorted(USUAL))}|{_OTHER_SCRIPTS}){_ENDS})"
_IN_PATH = rf"[a-z\u0400-\u04ff0-9!*';:=+,.$/%\#\[\]\-\u2013_~@|&{_ACCENTED}]"
_PARENTHESES = rf"\((?:{_IN_PATH}++|{_IN_PATH}*\({_IN_PATH}++\){_IN_PATH}*+)\)"
_PATH_END = rf"[+\-a-z\u0400-\u04ff0-9=_\#/{_ACCENTED}]"
_LINK = regex.compile(
    rf"""
    (?<![A-Za-z0-9@\uff20$\#\uff03{_INVALID}])
    (?:
        (?<scheme>https?://)(?<domain>(?:{_SUBDOMAIN}){{0,10}}{_DOMAIN_NAME}{_ANY})
        | (?<![-_./])(?<domain>(?:{_SUBDOMAIN}){{0,10}}{_DOMAIN_NAME}{_KNOWN})
    )
    (?::[0-9]+)?
    (?<path>/(?:(?:{_IN_PATH}|{_PARENTHESES})*(?:{_PATH_END}|{_PARENTHESES}))?)?
    (?:\?[a-z0-9!?*'@();:&=+$/%\#\[\]\-_.,~|]*[a-z0-9\-_&=\#/])?
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_ASCII_DOMAIN = regex.compile(rf"(?:[\-a-z0-9{_ACCENTED}]+\.)+{_KNOWN}", regex.IGNORECASE)
_SHORTENED = regex.compile(r"https?://t\.co/([a-z0-9]+)", regex.IGNORECASE)


def weighted_length(text: str) -> int:
    """The length of `text` as X counts it."""
    text = unicodedata.normalize("NFC", text)
    total = position = 0
    for start, end in _links(text):
        total += _weight(text[position:start]) + LINK
        position = end
    return total + _weight(text[position:])


def _weight(text: str) -> int:
    rest: str
    emoji: int
    rest, emoji = _EMOJI.subn("", text)
    return _HEAVY * emoji + len(rest) + len(_HEAVY_CHARACTER.findall(rest))


def _links(text: str) -> Iterator[tuple[int, int]]:
    """Where links are, in order."""
    for match in _LINK.finditer(text):
        if not _is_possible(match["domain"]) or len(match[0]) > _LINK_LENGTH:
            continue
        if match["scheme"]:
            yield from _with_scheme(match)
        else:
            yield from _without_scheme(match)


def _with_scheme(match: "regex.Match[str]") -> Iterator[tuple[int, int]]:
    """X's own short links end where their name does."""
    short = _SHORTENED.match(match[0])
    if short is None:
        yield match.span()
    elif len(short[1]) <= _SLUG_LENGTH:
        yield match.start(), match.start() + short.end()


def _without_scheme(match: "regex.Match[str]") -> Iterator[tuple[int, int]]:
    """Only what is written in Latin letters of such a domain; the path belongs to the last."""
    spans = [found.span() for found in _ASCII_DOMAIN.finditer(match["domain"])]
    for number, (start, end) in enumerate(spans, 1):
        is_last = number == len(spans)
        yield (
            match.start() + start,
            match.end() if is_last and match["path"] else match.start() + end,
        )


def _is_possible(domain: str) -> bool:
    """Whether the DNS has room for each label."""
    return all(_encoded_length(label) <= _LABEL_LENGTH for label in domain.split("."))


def _encoded_length(label: str) -> int:
    if label.isascii():
        return len(label)
    try:
        return len("xn--") + len(label.lower().encode("punycode"))
    except UnicodeError:
        return _LABEL_LENGTH + 1
