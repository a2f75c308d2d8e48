"""A video as YouTube takes it (developers.google.com/youtube/v3: videos, `videos.insert`).

No angle bracket may stand in a title or a description: others that look alike stand in for them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.channels.domain.media import MediaRules, VideoRules
from shared.channels.domain.provider import Publication

MAXIMUM = 5000
"""Bytes of a description."""
THUMBNAIL_MAXIMUM = 2 * 1024 * 1024

_TITLE = 100
_BRACKETS = str.maketrans("<>", "\u2039\u203a")

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "title": {
            "title": "Title",
            "description": "Absent: the first line of the description",
            "type": "string",
            "minLength": 2,
            "maxLength": _TITLE,
            "pattern": r"\S",
        },
        "type": {
            "title": "Who can watch it",
            "description": "Absent: everyone",
            "enum": ["public", "unlisted", "private"],
        },
        "selfDeclaredMadeForKids": {
            "title": "Made for kids",
            "description": "Whether it is directed at children. Absent: it is not",
            "type": "boolean",
        },
        "tags": {
            "title": "Tags",
            "description": "Words to be found by; YouTube takes 500 characters of them altogether",
            "type": "array",
            "maxItems": 250,
            "uniqueItems": True,
            "items": {"type": "string", "pattern": r"^[^<>,]+$", "maxLength": 100},
        },
        "notifySubscribers": {
            "title": "Tell subscribers",
            "description": "Absent: they are told",
            "type": "boolean",
        },
        "containsSyntheticMedia": {
            "title": "Altered content",
            "description": "Label it as realistic but altered or synthetic",
            "type": "boolean",
        },
    },
}

MEDIA = MediaRules(
    videos=VideoRules(
        formats=("video/mp4", "video/quicktime", "video/x-msvideo"),
        max_bytes=256 * 1024**3,
        max_duration=timedelta(hours=12),
    ),
    max_videos=1,
    min_items=1,
    max_items=1,
)


def written(text: str) -> str:
    return text.translate(_BRACKETS)


def title_of(publication: Publication) -> str:
    """As its author chose it, else what it begins with."""
    first, *_ = [*publication.text.strip().splitlines(), ""]
    return written(str(publication.settings.get("title") or first or "Untitled"))[:_TITLE].strip()


def video_of(publication: Publication) -> dict[str, Any]:
    """What is told of it before it is uploaded."""
    settings = publication.settings
    labels = {"containsSyntheticMedia": True} if settings.get("containsSyntheticMedia") else {}
    tags = {"tags": list(settings["tags"])} if settings.get("tags") else {}
    return {
        "snippet": {
            "title": title_of(publication),
            "description": written(publication.text),
            **tags,
        },
        "status": {
            "privacyStatus": settings.get("type", "public"),
            "selfDeclaredMadeForKids": bool(settings.get("selfDeclaredMadeForKids", False)),
            **labels,
        },
    }
