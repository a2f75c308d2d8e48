"""How Bluesky measures a post, and where its links, mentions and tags are.

The lexicon `app.bsky.feed.post` allows 300 graphemes and 3000 bytes of UTF-8. Nothing in the text
is marked up; what is to be a link must be named beside it, by its range of bytes. What is found is
what Bluesky's own `detectFacets` finds, but for links without a scheme under a rare domain (they
stay plain text), names with an @ in them, and more than one mark of punctuation after a link.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import regex

from shared.channels.domain.graphemes import count_graphemes
from shared.channels.domain.top_level_domains import USUAL

MAXIMUM_GRAPHEMES = 300
MAXIMUM_BYTES = 3000
_TAG_GRAPHEMES = 64
_TAG_BYTES = 640
_HANDLE_LENGTH = 253

_FREE = r"(?<![^\s(])"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_LINK = regex.compile(rf"{_FREE}https?://[^\s\ufeff]+", regex.IGNORECASE)
_BARE_LINK = regex.compile(
    rf"{_FREE}(?:{_LABEL}\.)+(?<top>[a-z]{{2,}})(?![\w@-]|\.\w)(?::\d+)?(?:[/?\#][^\s\ufeff]*)?",
    regex.IGNORECASE,
)
_MENTION = regex.compile(
    rf"{_FREE}@((?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?)(?![a-z0-9-])", regex.IGNORECASE
)
_TAG = regex.compile(r"(?<!\S)[#\uff03](?!\ufe0f)([^\s\u00ad\u2060\u200a-\u200d\u20e2]+)")
_TAG_LETTER = regex.compile(r"[^\d\s\p{P}]")
_PUNCTUATION_AT_END = regex.compile(r"\p{P}+$")
_LINK_TARGET = regex.compile(r"https?://(?:[^\s\p{P}]|\[)\S*", regex.IGNORECASE)

Kind = Literal["link", "mention", "tag"]
_Found = tuple[int, int, Kind, str]


@dataclass(frozen=True, kw_only=True)
class Span:
    """A part of a text, in bytes of its UTF-8, and what it is.

    `value` is the address of a link, the handle of a mention, the word of a tag.
    """

    start: int
    end: int
    kind: Kind
    value: str


def post_length(text: str) -> int:
    """Graphemes; a text that has few of them and too many bytes counts a tenth of its bytes.

    That is more than 300 exactly where the bytes are more than 3000: one number says whether the
    post fits, and for each that fits it is the one Bluesky shows.
    """
    graphemes = count_graphemes(text)
    size = len(text.encode(errors="surrogatepass"))
    if size <= MAXIMUM_BYTES:
        return graphemes
    return max(graphemes, -(-size * MAXIMUM_GRAPHEMES // MAXIMUM_BYTES))


def spans(text: str) -> list[Span]:
    """Links, mentions and tags in order; where two overlap, the one that begins first."""
    found = sorted((*_links(text), *_mentions(text), *_tags(text)))
    kept: list[Span] = []
    position = 0
    for start, end, kind, value in found:
        if start >= position:
            first = len(text[:start].encode())
            last = first + len(text[start:end].encode())
            kept.append(Span(start=first, end=last, kind=kind, value=value))
            position = end
    return kept


def facets(found: list[Span], dids: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """The spans as `app.bsky.richtext.facet`; a mention of nobody stays plain text.

    `dids` are the identifiers of the mentioned handles.
    """
    return [
        {
            "index": {"byteStart": span.start, "byteEnd": span.end},
            "features": [{"$type": f"app.bsky.richtext.facet#{span.kind}", name: value}],
        }
        for span in found
        for name, value in [_feature(span, dids)]
        if value
    ]


def _feature(span: Span, dids: Mapping[str, str | None]) -> tuple[str, str | None]:
    match span.kind:
        case "link":
            return "uri", span.value
        case "mention":
            return "did", dids.get(span.value)
        case "tag":
            return "tag", span.value


def _links(text: str) -> Iterator[_Found]:
    for match in _LINK.finditer(text):
        target = _without_punctuation(match[0])
        if _LINK_TARGET.fullmatch(target):
            yield match.start(), match.start() + len(target), "link", target
    for match in _BARE_LINK.finditer(text):
        if match["top"].lower() in USUAL:
            target = _without_punctuation(match[0])
            yield match.start(), match.start() + len(target), "link", f"https://{target}"


def _without_punctuation(link: str) -> str:
    """A link that ends a sentence or stands in parentheses ends before them."""
    while link.endswith((".", ",", ";", "!", "?")) or (
        link.endswith(")") and link.count(")") > link.count("(")
    ):
        link = link[:-1]
    return link


def _mentions(text: str) -> Iterator[_Found]:
    for match in _MENTION.finditer(text):
        if len(match[1]) <= _HANDLE_LENGTH:
            yield *match.span(), "mention", match[1].lower()


def _tags(text: str) -> Iterator[_Found]:
    for match in _TAG.finditer(text):
        tag = _PUNCTUATION_AT_END.sub("", match[1])
        fits = count_graphemes(tag) <= _TAG_GRAPHEMES and len(tag.encode()) <= _TAG_BYTES
        if fits and _TAG_LETTER.search(tag):
            yield match.start(), match.start(1) + len(tag), "tag", tag
