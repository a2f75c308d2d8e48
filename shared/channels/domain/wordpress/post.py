"""A post as WordPress takes it, in blocks (developer.wordpress.org/rest-api/reference/posts)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import Any

from shared.channels.domain.media import Attachment, MediaKind
from shared.channels.domain.provider import Publication

MAXIMUM = 100_000
_TITLE = 100
_SLUG = 60
_HASH = 10
_TERMS = {"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": 50}
SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "title": {
            "title": "Title",
            "description": "Absent: the first line of the text",
            "type": "string",
            "pattern": r"\S",
            "maxLength": 200,
        },
        "type": {
            "title": "Type",
            "description": "What it is: posts, pages or another type of the site. Absent: posts",
            "type": "string",
            "pattern": "^[a-z0-9_-]{1,40}$",
        },
        "status": {
            "title": "Status",
            "description": "What becomes of it. Absent: it is published",
            "enum": ["publish", "draft", "pending", "private"],
        },
        "categories": {"title": "Categories", "description": "By their ids", **_TERMS},
        "tags": {"title": "Tags", "description": "By their ids", **_TERMS},
        "main_image": {
            "title": "Featured image",
            "description": "The first picture, or none: then it is in the text. Absent: the first",
            "enum": ["first", "none"],
        },
        "content_format": {
            "title": "Format",
            "description": "Whether the text is plain or HTML. Absent: plain",
            "enum": ["text", "html"],
        },
    },
}

_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_OTHERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, kw_only=True)
class Uploaded:
    """A file in the library of a site, `url` is where it lies."""

    id: int
    url: str
    attachment: Attachment


def path_of(publication: Publication) -> str:
    return f"/wp/v2/{publication.settings.get('type', 'posts')}"


def post_of(publication: Publication, uploaded: Sequence[Uploaded] = ()) -> dict[str, Any]:
    """What is sent."""
    settings = publication.settings
    featured = _featured(publication, uploaded)
    shown = [one for one in uploaded if one is not featured]
    is_html = settings.get("content_format") == "html"
    blocks = [publication.text] if is_html else [*map(_paragraph, _paragraphs(publication.text))]
    return {
        "title": title_of(publication),
        "content": "\n\n".join([*blocks, *map(_shown, shown)]),
        "slug": slug_of(publication),
        "status": settings.get("status", "publish"),
        **({"featured_media": featured.id} if featured else {}),
        **{name: settings[name] for name in ("categories", "tags") if settings.get(name)},
    }


def title_of(publication: Publication) -> str:
    if title := str(publication.settings.get("title", "")).strip():
        return title
    lines = (line.strip() for line in publication.text.splitlines())
    first = next(filter(None, lines), "")
    return first if len(first) <= _TITLE else f"{first[: _TITLE - 1].rstrip()}…"


def slug_of(publication: Publication) -> str:
    """By which the post is known in its address, and by us: the same on every attempt."""
    plain = unicodedata.normalize("NFKD", title_of(publication).lower())
    words = _OTHERS.sub("-", plain.encode("ascii", "ignore").decode()).strip("-")
    return f"{words[:_SLUG].strip('-') or 'post'}-{_hash(publication)}"


def media_slugs(publication: Publication) -> list[str]:
    """The same for each of its files."""
    return [f"{_hash(publication)}-{number}" for number in range(len(publication.attachments))]


def _hash(publication: Publication) -> str:
    return sha256(publication.key.encode()).hexdigest()[:_HASH]


def _featured(publication: Publication, uploaded: Sequence[Uploaded]) -> Uploaded | None:
    if publication.settings.get("main_image") == "none":
        return None
    pictures = (one for one in uploaded if one.attachment.kind is MediaKind.IMAGE)
    return next(pictures, None)


def _paragraphs(text: str) -> list[str]:
    return [one for one in _BLANK_LINES.split(text.strip()) if one]


def _paragraph(text: str) -> str:
    lines = "<br>".join(escape(line, quote=False) for line in text.splitlines())
    return f"<!-- wp:paragraph -->\n<p>{lines}</p>\n<!-- /wp:paragraph -->"


def _shown(one: Uploaded) -> str:
    url, name = escape(one.url), escape(one.attachment.name)
    match one.attachment.kind:
        case MediaKind.VIDEO:
            inner = f'<figure class="wp-block-video"><video controls src="{url}"></video></figure>'
            return _block("video", one.id, inner)
        case MediaKind.DOCUMENT:
            inner = f'<div class="wp-block-file"><a href="{url}">{name}</a></div>'
            return _block("file", one.id, inner)
        case _:
            alt = escape(one.attachment.alt_text)
            image = f'<img src="{url}" alt="{alt}" class="wp-image-{one.id}"/>'
            return _block("image", one.id, f'<figure class="wp-block-image">{image}</figure>')


def _block(kind: str, identifier: int, inner: str) -> str:
    return f'<!-- wp:{kind} {{"id":{identifier}}} -->\n{inner}\n<!-- /wp:{kind} -->'
