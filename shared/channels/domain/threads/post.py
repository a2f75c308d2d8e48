"""A post as Threads takes it: the fields of its containers (`POST /{threads-user-id}/threads`)."""

from collections.abc import Mapping, Sequence
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
from shared.channels.domain.meta.containers import Fields
from shared.channels.domain.provider import Publication

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "reply_control": {
            "title": "Who can reply",
            "description": "Absent: everyone",
            "enum": ["everyone", "accounts_you_follow", "mentioned_only", "followers_only"],
        },
        "topic_tag": {
            "title": "Topic",
            "description": "The topic under which it is shown, without # before it",
            "type": "string",
            "pattern": "^[^.&#\\s][^.&]{0,49}$",
        },
        "link_attachment": {
            "title": "Link",
            "description": "An address that is shown as a card, where there is no picture or film",
            "type": "string",
            "pattern": "^https?://\\S{1,2000}$",
        },
        "quote_post_id": {
            "title": "Quoted post",
            "description": "The id of a post to quote",
            "type": "string",
            "pattern": "^[0-9]{1,25}$",
        },
        "location_id": {
            "title": "Place",
            "description": "The id of the place that it names, which `locations` looks up",
            "type": "string",
            "pattern": "^[0-9]{1,25}$",
        },
    },
}

_MEBIBYTE = 1024 * 1024
_CAROUSEL = 20
MEDIA = MediaRules(
    images=ImageRules(
        max_bytes=8 * _MEBIBYTE,
        shape=Shape(
            min_width=320, max_width=1440, min_ratio=Fraction(1, 10), max_ratio=Fraction(10)
        ),
    ),
    videos=VideoRules(
        formats=("video/mp4", "video/quicktime"),
        max_bytes=1024 * _MEBIBYTE,
        shape=Shape(max_width=1920, min_ratio=Fraction(1, 100), max_ratio=Fraction(10)),
        min_duration=timedelta(milliseconds=1),
        max_duration=timedelta(minutes=5),
        min_fps=23,
        max_fps=60,
    ),
    max_images=_CAROUSEL,
    max_videos=_CAROUSEL,
    max_items=_CAROUSEL,
    mixed=True,
    alt_text_length=1000,
)


def items_of(publication: Publication) -> list[Fields]:
    """Of what a carousel shows, each in a container of its own; nothing where it is no carousel."""
    if not _is_carousel(publication):
        return []
    return [{**_file(one), "is_carousel_item": "true"} for one in publication.attachments]


def container_of(
    publication: Publication, children: Sequence[str] = (), reply_to: str = ""
) -> Fields:
    """What is published; who can answer is settled by the root alone."""
    fields: Fields = {"media_type": "TEXT"}
    if _is_carousel(publication):
        fields = {"media_type": "CAROUSEL", "children": ",".join(children)}
    elif publication.attachments:
        fields = _file(publication.attachments[0])
    if publication.text:
        fields["text"] = publication.text
    if reply_to:
        return {**fields, "reply_to_id": reply_to}
    chosen = {
        name: str(publication.settings[name])
        for name in ("reply_control", "topic_tag", "quote_post_id", "location_id")
        if publication.settings.get(name)
    }
    link = publication.settings.get("link_attachment")
    if link and not publication.attachments:
        chosen["link_attachment"] = str(link)
    return {**fields, **chosen}


def _is_carousel(publication: Publication) -> bool:
    return len(publication.attachments) > 1


def _file(attachment: Attachment) -> Fields:
    alt_text = {"alt_text": attachment.alt_text} if attachment.alt_text else {}
    if attachment.kind is MediaKind.VIDEO:
        return {"media_type": "VIDEO", "video_url": attachment.url, **alt_text}
    return {"media_type": "IMAGE", "image_url": attachment.url, **alt_text}
