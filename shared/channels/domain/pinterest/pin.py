"""A pin as Pinterest takes it (developers.pinterest.com/docs/api/v5: pins/create, media)."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

from shared.channels.domain.media import (
    Attachment,
    ImageRules,
    MediaKind,
    MediaRules,
    Shape,
    VideoRules,
)
from shared.channels.domain.provider import ErrorClass, Publication, Refused

MAXIMUM = 800
ALT_TEXT_MAXIMUM = 500
_CHOSEN = ("title", "link", "dominant_color")
_PICTURE_BYTES = 20 * 1024 * 1024
_COVER_AT = 1000
"""Milliseconds from the beginning of a film, to the picture that stands for it."""

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "board": {
            "title": "Board",
            "description": "The id of a board. Absent: the only one that the account has",
            "type": "string",
            "pattern": "^[0-9]{1,25}$",
        },
        "title": {
            "title": "Title",
            "description": "What stands above the description",
            "type": "string",
            "minLength": 1,
            "maxLength": 100,
        },
        "link": {
            "title": "Link",
            "description": "The address that the pin leads to",
            "type": "string",
            "pattern": r"^https?://\S+$",
            "maxLength": 2048,
        },
        "dominant_color": {
            "title": "Colour",
            "description": "What is shown while the picture loads, such as #6E7874",
            "type": "string",
            "pattern": "^#[0-9A-Fa-f]{6}$",
        },
    },
}

MEDIA = MediaRules(
    images=ImageRules(max_bytes=_PICTURE_BYTES),
    animations=ImageRules(formats=("image/gif",), max_bytes=_PICTURE_BYTES),
    videos=VideoRules(
        formats=("video/mp4", "video/quicktime"),
        max_bytes=2 * 1024**3,
        shape=Shape(
            min_width=240,
            min_height=240,
            min_ratio=Fraction(1, 2),
            max_ratio=Fraction(191, 100),
        ),
        min_duration=timedelta(seconds=4),
        max_duration=timedelta(minutes=15),
    ),
    max_images=5,
    max_animations=1,
    max_videos=1,
    min_items=1,
    max_items=5,
    one_size=True,
    alt_text_length=ALT_TEXT_MAXIMUM,
)


def pin_of(publication: Publication, board: str, media_id: str) -> dict[str, Any]:
    """What is sent. A pin has one alt text, in which those of all its pictures stand."""
    settings = publication.settings
    chosen = {
        name: settings[name] for name in ("title", "link", "dominant_color") if settings.get(name)
    }
    says = "\n".join(one.alt_text for one in publication.attachments if one.alt_text)
    return {
        "board_id": board,
        "description": publication.text,
        **chosen,
        **({"alt_text": says[:ALT_TEXT_MAXIMUM]} if says else {}),
        "media_source": _source(publication.attachments, media_id),
    }


def film_of(publication: Publication) -> Attachment | None:
    """The film of a pin that shows one."""
    films = (one for one in publication.attachments if one.kind is MediaKind.VIDEO)
    return next(films, None)


def demand_media(publication: Publication) -> None:
    """Raises Refused: class media; what is attached makes no pin."""
    attached = publication.attachments
    kinds = {one.kind for one in attached}
    if not attached or (len(attached) > 1 and kinds != {MediaKind.IMAGE}):
        words = "A pin shows one film, one animation, or up to five pictures."
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
    if len({(one.width, one.height) for one in attached}) > 1:
        words = "The pictures of a pin are all of one size."
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)


def _source(attached: tuple[Attachment, ...], media_id: str) -> dict[str, Any]:
    if media_id:
        cover = attached[0].cover
        shown = (
            {"cover_image_url": cover.url} if cover else {"cover_image_key_frame_time": _COVER_AT}
        )
        return {"source_type": "video_id", "media_id": media_id, **shown}
    if len(attached) == 1:
        return {"source_type": "image_url", "url": attached[0].url}
    items = [{"url": one.url} for one in attached]
    return {"source_type": "multiple_image_urls", "items": items}
