"""A message as Telegram's Bot API takes it (core.telegram.org/bots/api: sending messages).

What has files is sent by the method of their kind or, where there are several, as an album.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import Any

from shared.channels.domain.media import (
    Attachment,
    DocumentRules,
    File,
    ImageRules,
    MediaKind,
    MediaRules,
    Shape,
    VideoRules,
)
from shared.channels.domain.provider import ErrorClass, Publication, Refused
from shared.channels.domain.server_address import last_segment

MAXIMUM = 4096
CAPTION = 1024

_MEGABYTE = 1_000_000
_SIDES = 5000  # both together are bounded by twice that
_ALBUM = 10
MEDIA = MediaRules(
    images=ImageRules(
        max_bytes=10 * _MEGABYTE,
        shape=Shape(
            max_width=_SIDES, max_height=_SIDES, min_ratio=Fraction(1, 20), max_ratio=Fraction(20)
        ),
    ),
    animations=ImageRules(formats=("image/gif",), max_bytes=50 * _MEGABYTE),
    videos=VideoRules(max_bytes=50 * _MEGABYTE, max_duration=timedelta(hours=24)),
    documents=DocumentRules(max_bytes=50 * _MEGABYTE),
    max_images=_ALBUM,
    max_animations=1,
    max_videos=_ALBUM,
    max_documents=_ALBUM,
    max_items=_ALBUM,
)

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "disable_notification": {
            "title": "Silently",
            "description": "Let it ring at nobody's",
            "type": "boolean",
        },
        "protect_content": {
            "title": "Protected",
            "description": "Let nobody forward or save it",
            "type": "boolean",
        },
        "disable_web_page_preview": {
            "title": "No preview",
            "description": "Show no preview of a link in it",
            "type": "boolean",
        },
    },
}

_KINDS = {
    MediaKind.IMAGE: "photo",
    MediaKind.ANIMATION: "animation",
    MediaKind.VIDEO: "video",
    MediaKind.DOCUMENT: "document",
}


@dataclass(frozen=True, kw_only=True)
class Call:
    """`body` goes as JSON or, where there are files, as the other fields of a form."""

    method: str
    body: Mapping[str, Any]
    files: Mapping[str, File] = field(default_factory=dict)

    @property
    def form(self) -> dict[str, str]:
        return {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in self.body.items()
        }


def text_length(text: str) -> int:
    """UTF-16 code units, in which Telegram measures what is in a text."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def call_of(publication: Publication, chat: str) -> Call:
    """What publishes it.

    Raises:
        Refused: class content or media; Telegram has no call for this.
    """
    common = {"chat_id": chat, **_manner(publication)}
    attachments = publication.attachments
    if not attachments:
        preview = publication.settings.get("disable_web_page_preview")
        options = {"link_preview_options": {"is_disabled": True}} if preview else {}
        return Call(method="sendMessage", body={**common, "text": publication.text, **options})
    if text_length(publication.text) > CAPTION:
        words = f"Beside files a text may have {CAPTION} characters; without, {MAXIMUM}."
        raise Refused(ErrorClass.CONTENT, "CAPTION_TOO_LONG", words)
    caption = {"caption": publication.text} if publication.text else {}
    if len(attachments) > 1:
        return _album(attachments, common, caption)
    return _single(attachments[0], {**common, **caption})


def _manner(publication: Publication) -> dict[str, Any]:
    settings = publication.settings
    chosen = {
        name: True for name in ("disable_notification", "protect_content") if settings.get(name)
    }
    if publication.reply_to is None:
        return chosen
    return {**chosen, "reply_parameters": {"message_id": _parent(publication.reply_to.parent_id)}}


def _parent(external_id: str) -> int | str:
    """A number, but for what is not known yet."""
    named = last_segment(external_id)
    return int(named) if named.isascii() and named.isdecimal() else named


def _single(one: Attachment, body: Mapping[str, Any]) -> Call:
    kind = _KINDS[one.kind]
    files: dict[str, File] = {kind: one}
    cover = {}
    if kind == "video" and one.cover is not None:
        files["cover"], cover = one.cover, {"cover": "attach://cover"}
    shape = _shape(one) if kind in {"video", "animation"} else {}
    method = f"send{kind.capitalize()}"
    return Call(method=method, body={**body, **shape, **cover}, files=files)


def _album(
    attachments: tuple[Attachment, ...], common: Mapping[str, Any], caption: Mapping[str, str]
) -> Call:
    """Its text is that of the first file."""
    if any(one.kind is MediaKind.ANIMATION for one in attachments):
        raise Refused(ErrorClass.MEDIA, "MEDIA_TOO_MANY", "An animation must be alone.")
    media = [
        {
            "type": _KINDS[one.kind],
            "media": f"attach://file{number}",
            **(_shape(one) if one.kind is MediaKind.VIDEO else {}),
            **(caption if number == 0 else {}),
        }
        for number, one in enumerate(attachments)
    ]
    files = {f"file{number}": one for number, one in enumerate(attachments)}
    return Call(method="sendMediaGroup", body={**common, "media": media}, files=files)


def _shape(one: Attachment) -> dict[str, Any]:
    known = {
        "width": one.width,
        "height": one.height,
        "duration": round(one.duration.total_seconds()) if one.duration else None,
        "supports_streaming": True if one.kind is MediaKind.VIDEO else None,
    }
    return {name: value for name, value in known.items() if value is not None}
