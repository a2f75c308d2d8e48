"""A post as a page takes it (developers.facebook.com: Pages API, `Page/feed`)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared.channels.domain.facebook.media import rules
from shared.channels.domain.media import Attachment, MediaKind
from shared.channels.domain.provider import ErrorClass, Publication, Refused

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "post_type": {
            "title": "Post, story or reel",
            "description": "A story shows one picture or film for a day, without words; a reel is "
            "one upright film. Absent: a post",
            "enum": ["post", "story", "reel"],
        },
        "url": {
            "title": "Link",
            "description": "An address that is shown as a card, where there is no picture or film",
            "type": "string",
            "pattern": "^https?://\\S{1,2000}$",
        },
        "text_format_preset_id": {
            "title": "Background",
            "description": "The id of a background behind short words without picture or link",
            "type": "string",
            "pattern": "^[0-9]{1,20}$",
        },
    },
}
WITH_BACKGROUND = 130
"""So many characters may stand on a background."""


def post_type(publication: Publication) -> str:
    return str(publication.settings.get("post_type", "post"))


def film_of(publication: Publication) -> Attachment | None:
    """The film that is published, whatever as; nothing where it is no film."""
    return next((one for one in publication.attachments if one.kind is MediaKind.VIDEO), None)


def feed_of(publication: Publication, photos: Sequence[str] = ()) -> dict[str, str]:
    """What is sent to the page's feed, with the ids of photos that are there already."""
    settings, fields = publication.settings, {}
    if publication.text:
        fields["message"] = publication.text
    if photos:
        shown = [json.dumps({"media_fbid": photo}) for photo in photos]
        return fields | {f"attached_media[{place}]": one for place, one in enumerate(shown)}
    if link := settings.get("url"):
        return {**fields, "link": str(link)}
    if background := settings.get("text_format_preset_id"):
        return {**fields, "text_format_preset_id": str(background)}
    return fields


def demand_fitness(publication: Publication) -> None:
    """What no call could say is refused, not left out.

    Raises:
        Refused: class media or content.
    """
    taken = rules(publication.settings)
    number, films = len(publication.attachments), film_of(publication)
    if not taken.min_items <= number <= taken.max_items or (films and number > 1):
        words = "A film goes alone, a story and a reel have one file, and a post has ten photos."
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
    if post_type(publication) == "reel" and films is None:
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", "A reel is a film.")
    if post_type(publication) == "story" and publication.text.strip():
        raise Refused(ErrorClass.CONTENT, "CONTENT_REFUSED", "A story has no words.")
