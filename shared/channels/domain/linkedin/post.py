"""A post as LinkedIn takes it (learn.microsoft.com/linkedin: Posts API)."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.channels.domain.linkedin.media import content_of
from shared.channels.domain.linkedin.text import little
from shared.channels.domain.provider import Publication

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "visibility": {
            "title": "Visibility",
            "description": "Everyone, or the connections of a person. Absent: everyone",
            "enum": ["PUBLIC", "CONNECTIONS"],
        },
        "disable_reshare": {
            "title": "No reposts",
            "description": "Let nobody repost it",
            "type": "boolean",
        },
        "carousel_name": {
            "title": "Title of a document",
            "description": "What stands above its pages. Absent: the name of the file",
            "type": "string",
            "minLength": 1,
            "maxLength": 200,
        },
    },
}


def post_of(publication: Publication, urns: Sequence[str]) -> dict[str, Any]:
    """What is sent, but for its author; `urns` are of what is attached."""
    settings = publication.settings
    title = str(settings.get("carousel_name", ""))
    content = content_of(publication.attachments, urns, title)
    return {
        "commentary": little(publication.text),
        "visibility": settings.get("visibility", "PUBLIC"),
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": bool(settings.get("disable_reshare", False)),
        **({"content": content} if content else {}),
    }
