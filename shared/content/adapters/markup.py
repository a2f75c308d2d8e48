"""HTML in what people write: stripped from titles, cleaned by a whitelist in descriptions.

Both keep plain text to the letter. Where nothing in it would begin a tag or a comment, a text is
answered as it is. Elsewhere only its markup changes: ``&`` and ``<`` beside it are hidden from
nh3 before, and what nh3 has escaped is put back after, unless it would begin a tag.
"""

import html
import re

import nh3

_PHRASES = {"a", "br", "code", "del", "ins", "span", "sub", "sup"}
_STRESSES = {"b", "em", "i", "mark", "small", "strong", "u"}
_BLOCKS = {"blockquote", "div", "hr", "li", "ol", "p", "pre", "ul"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_TABLES = {"table", "tbody", "td", "th", "thead", "tr"}
_TAGS = _PHRASES | _STRESSES | _BLOCKS | _HEADINGS | _TABLES
_ATTRIBUTES = {"a": {"href", "title", "target"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_STRIPPER = nh3.Cleaner(tags=set(), attributes=_ATTRIBUTES, url_schemes=_SCHEMES)
_CLEANER = nh3.Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES)

_OPENER = "(?:/?[A-Za-z]|[!?])"  # what makes a < before it begin a tag or a comment
_BEGINNING = re.compile(f"<{_OPENER}")
_MARKUP_OR_SPECIAL = re.compile(f"(<{_OPENER}[^>]*>)|[&<]")
_TAG_OR_ESCAPED = re.compile(
    f'(?P<tag><(?:[^">]|"[^"]*")*>)|(?P<opening>&lt;(?={_OPENER}))|&(?:amp|lt|gt|nbsp);'
)
_ENTITY = re.compile(r"&#?\w+;")
_MANY_BREAKS = re.compile(r"\n{3,}")
_ANY_TAG = re.compile(f'<{_OPENER}(?:[^">]|"[^"]*")*>')
_LINE_END = re.compile("(?:<(?:br|hr)\\b[^>]*>|</(?:li|tr|div)>)\n?")
_PARAGRAPH_END = re.compile("</(?:p|h[1-6]|ul|ol|blockquote|pre|table)>\n*")


def strip_tags(text: str) -> str:
    """Text without tags; a beginning that never becomes one is disarmed, ``a <b`` to ``a < b``."""
    return _clean(text, _STRIPPER, opening="< ")


def clean_html(text: str) -> str:
    """HTML of harmless tags and links; ``a <b`` that never becomes a tag is kept, ``a &lt;b``."""
    return _clean(text, _CLEANER, opening="&lt;")


def _clean(text: str, cleaner: nh3.Cleaner, *, opening: str) -> str:
    if not _BEGINNING.search(text):
        return text
    end_of_markup = text.rfind(">") + 1
    hidden = _MARKUP_OR_SPECIAL.sub(
        lambda found: found[1] or html.escape(found[0]), text[:end_of_markup]
    ) + html.escape(text[end_of_markup:], quote=False)
    cleaned = cleaner.clean(hidden)
    return _TAG_OR_ESCAPED.sub(
        lambda found: found["tag"] or (opening if found["opening"] else html.unescape(found[0])),
        cleaned,
    )


def plain_text(description: str) -> str:
    """What a reader sees of clean HTML: a paragraph or an item a line, without tags.

    Lines that are there already stay, so that plain text is answered as it is.
    """
    lined = _LINE_END.sub("\n", _PARAGRAPH_END.sub("\n\n", description))
    bare = _ANY_TAG.sub("", lined)
    if bare != description:
        bare = _MANY_BREAKS.sub("\n\n", bare).strip()
    return _ENTITY.sub(lambda found: html.unescape(found[0]), bare)
