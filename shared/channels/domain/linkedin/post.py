"""A post as LinkedIn takes it (learn.microsoft.com/linkedin: Posts API)."""

from collections.abc import Mapping
from typing import Any

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
    },
}


def post_of(publication: Publication) -> dict[str, Any]:
    """What is sent, but for its author."""
    settings = publication.settings
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
    }
