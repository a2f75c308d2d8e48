"""A status as Mastodon takes it (docs.joinmastodon.org/methods/statuses)."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.channels.domain.graphemes import count_graphemes
from shared.channels.domain.provider import Publication
from shared.channels.domain.server_address import last_segment

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "visibility": {
            "title": "Visibility",
            "description": "Who sees it: everyone; everyone, but on no public timeline; followers."
            " Absent: as the account prefers",
            "enum": ["public", "unlisted", "private"],
        },
        "spoiler_text": {
            "title": "Content warning",
            "description": "Shown first, the text on request; counts towards the limit",
            "type": "string",
            "pattern": r"\S",
            "maxLength": 500,
        },
        "language": {
            "title": "Language",
            "description": "An ISO 639 code such as de, with a country where it matters: pt-BR",
            "type": "string",
            "pattern": "^[a-z]{2,3}(-[A-Z]{2})?$",
        },
        "sensitive": {
            "title": "Sensitive",
            "description": "Hide what is attached until it is asked for",
            "type": "boolean",
        },
    },
}


def status_of(publication: Publication, media_ids: Sequence[str]) -> dict[str, Any]:
    """What is posted: the text, the settings as they are, what it shows and what it replies to."""
    parent_id = parent_of(publication)
    return {
        "status": publication.text,
        **publication.settings,
        **({"media_ids": media_ids} if media_ids else {}),
        **({"in_reply_to_id": parent_id} if parent_id else {}),
    }


def parent_of(publication: Publication) -> str | None:
    return last_segment(publication.reply_to.parent_id) if publication.reply_to else None


def warning_of(publication: Publication) -> str:
    """The content warning as the server keeps it."""
    return str(publication.settings.get("spoiler_text", "")).strip()


def warning_length(settings: Mapping[str, Any]) -> int:
    """What a content warning takes of the length: its graphemes, links in it at their length."""
    match settings.get("spoiler_text"):
        case str(warning):
            return count_graphemes(warning.strip())
        case _:
            return 0
