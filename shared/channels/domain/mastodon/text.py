r"""How Mastodon measures a status (its `StatusLengthValidator`, `Extractor` and twitter-text).

Graphemes are counted after each link has become 23 characters, whatever its length, and each
mention of somebody elsewhere has lost its host. A link needs a scheme. twitter-text knows each
top-level domain by name; here any two Latin letters or more will do, and the better known ones
in other scripts, so that `https://server.internal/…` counts 23 too.
"""

import regex

from shared.channels.domain.graphemes import count_graphemes
from shared.channels.domain.top_level_domains import ELSEWHERE

LINK = 23
_STRIPPED = " \t\n\v\f\r\0"

_DIRECTIONAL = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVALID = r"\ufffe\ufeff\uffff"
_NOT_IN_DOMAIN = (
    rf"\x00-\x20\x7f!-,./:-@\[\]\^`{{|}}~_\-{_DIRECTIONAL}{_INVALID}\p{{White_Space}}\u180e"
)
_SUBDOMAIN = rf"[^{_NOT_IN_DOMAIN}](?:[^{_NOT_IN_DOMAIN}]|[_-])*+(?<![_-])\."
_DOMAIN_NAME = rf"[^{_NOT_IN_DOMAIN}](?:[^{_NOT_IN_DOMAIN}]|-)*+(?<!-)\."
_TOP_LEVEL = rf"(?:xn--[0-9a-z]+|(?:[a-z]{{2,63}}|{'|'.join(sorted(ELSEWHERE))})(?=[^0-9a-z@+-]|$))"
_IN_PATH = r"[^\p{White_Space}<>()?]"
_PARENTHESES = rf"\((?:{_IN_PATH}+|{_IN_PATH}*\({_IN_PATH}+\){_IN_PATH}*)\)"
_PATH_END = r"""[^\p{White_Space}()?!*"'「」<>;:=,.$%\[\]~&|@]"""
_BEYOND_ASCII = (
    r"\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U000dfffd"
    r"\U000e1000-\U000efffd\ue000-\uf8ff\U000f0000-\U0010fffd"
)
_URL = regex.compile(
    rf"""
    (?<![A-Za-z0-9@\uff20$\#\uff03{_INVALID}])
    (?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://
    (?:{_SUBDOMAIN})*{_DOMAIN_NAME}{_TOP_LEVEL}
    (?::[0-9]+)?
    (?:/(?:(?:{_IN_PATH}|{_PARENTHESES})*(?:{_PATH_END}|{_PARENTHESES}))?)?
    (?:\?[a-z0-9!?*'();:&=+$/%\#\[\]\-_.,~|@^{_BEYOND_ASCII}]*[a-z0-9_&=\#/\-{_BEYOND_ASCII}])?
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_WORD = r"[\p{L}\p{M}\p{Nd}\p{Pc}]"
_MENTION = regex.compile(
    rf"(?<![=/\p{{L}}\p{{M}}\p{{Nd}}\p{{Pc}}])@([A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)"
    rf"(?:@{_WORD}+(?:[.-]+{_WORD}+)*)?"
)
_NO_MENTION_BEFORE = regex.compile(
    r"[@\uff20\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268"
    r"\u026f\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff]|://"
)


def countable_length(text: str) -> int:
    """The length of `text` as Mastodon counts it; text of white space alone is none."""
    if not text.strip():
        return 0
    return count_graphemes(_countable(text.strip(_STRIPPED)))


def _countable(text: str) -> str:
    """`text` with placeholders for links, and mentions shortened."""
    replacements = [(*match.span(), "x" * LINK) for match in _URL.finditer(text)]
    replacements += [
        (*match.span(), f"@{match[1]}")
        for match in _MENTION.finditer(text)
        if not _NO_MENTION_BEFORE.match(text, match.end())
    ]
    pieces, position = [], 0
    for start, end, replacement in sorted(replacements):
        if start >= position:
            pieces += [text[position:start], replacement]
            position = end
    return "".join([*pieces, text[position:]])
