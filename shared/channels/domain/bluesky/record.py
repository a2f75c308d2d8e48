"""A post as a record of Bluesky's (lexicons `app.bsky.feed.post`, `com.atproto.label.defs`)."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from shared.channels.domain.provider import Publication

COLLECTION = "app.bsky.feed.post"

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "languages": {
            "title": "Languages",
            "description": "What it is written in, at most three, such as de or pt-BR",
            "type": "array",
            "items": {
                "type": "string",
                "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
                "maxLength": 35,
            },
            "maxItems": 3,
            "uniqueItems": True,
        },
        "labels": {
            "title": "Content warnings",
            "description": "What a reader may wish to be warned of",
            "type": "array",
            "items": {"enum": ["sexual", "nudity", "porn", "graphic-media"]},
            "maxItems": 4,
            "uniqueItems": True,
        },
    },
}


def record_of(
    publication: Publication,
    *,
    facets: Sequence[Mapping[str, Any]],
    embed: Mapping[str, Any] | None = None,
    reply: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The record; it says the same whichever attempt of the publication makes it."""
    created_at = publication.first_tried_at.astimezone(UTC)
    languages = publication.settings.get("languages")
    labels = publication.settings.get("labels")
    return {
        "$type": COLLECTION,
        "text": publication.text,
        "createdAt": created_at.isoformat(timespec="milliseconds"),
        **({"facets": facets} if facets else {}),
        **({"embed": embed} if embed else {}),
        **({"reply": reply} if reply else {}),
        **({"langs": languages} if languages else {}),
        **({"labels": _self_labels(labels)} if labels else {}),
    }


def _self_labels(labels: Sequence[str]) -> dict[str, Any]:
    return {
        "$type": "com.atproto.label.defs#selfLabels",
        "values": [{"val": label} for label in labels],
    }
