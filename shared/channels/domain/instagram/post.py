"""A post as Instagram takes it: the fields of its containers (`POST /{ig-user-id}/media`)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared.channels.domain.media import Attachment, MediaKind
from shared.channels.domain.meta.containers import Fields
from shared.channels.domain.provider import ErrorClass, Publication, Refused

_USERNAME = "^@?[A-Za-z0-9._]{1,30}$"
SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "post_type": {
            "title": "Post or story",
            "description": "A story shows one picture or film for a day, without words. "
            "Absent: a post; one film alone is a reel",
            "enum": ["post", "story"],
        },
        "is_trial_reel": {
            "title": "Trial reel",
            "description": "Show a reel to people who do not follow the account, at first",
            "type": "boolean",
        },
        "graduation_strategy": {
            "title": "End of the trial",
            "description": "Followers see a trial reel when the account says so, or when it does "
            "well. Absent: when the account says so",
            "enum": ["MANUAL", "SS_PERFORMANCE"],
        },
        "collaborators": {
            "title": "Collaborators",
            "description": "Names of accounts that are invited to share the post, not of a story",
            "type": "array",
            "maxItems": 3,
            "uniqueItems": True,
            "items": {"type": "string", "pattern": _USERNAME},
        },
        "location_id": {
            "title": "Place",
            "description": "The id of a place, by the tool `locations`; not of a story",
            "type": "string",
            "pattern": "^[0-9]{1,25}$",
        },
        "user_tags": {
            "title": "Tagged people",
            "description": "Accounts that the first picture or film shows, and where in a picture, "
            "from 0 to 1 from its left and its top; absent: in its middle. Not of a story",
            "type": "array",
            "maxItems": 20,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["username"],
                "properties": {
                    "username": {"type": "string", "pattern": _USERNAME},
                    "x": {"type": "number", "minimum": 0, "maximum": 1},
                    "y": {"type": "number", "minimum": 0, "maximum": 1},
                },
            },
        },
        "audio_name": {
            "title": "Name of the sound",
            "description": "What the sound of a reel is called",
            "type": "string",
            "minLength": 1,
            "maxLength": 100,
        },
    },
}
_MOST_COLLABORATORS = 3


def demand_fitness(publication: Publication) -> None:
    """What no container could say is refused, not left out.

    Raises:
        Refused: class media or content.
    """
    if publication.settings.get("post_type") != "story":
        return
    if len(publication.attachments) != 1:
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", "A story shows one picture or film.")
    if publication.text.strip():
        raise Refused(ErrorClass.CONTENT, "CONTENT_REFUSED", "A story has no words.")


def items_of(publication: Publication) -> list[Fields]:
    """Of what a carousel shows, each in a container of its own; nothing where it is no carousel."""
    if not _is_carousel(publication):
        return []
    tags = _tags(publication)
    return [
        {**_file(one), **_alt_text(one), **(tags if place == 0 else {}), "is_carousel_item": "true"}
        for place, one in enumerate(publication.attachments)
    ]


def container_of(publication: Publication, children: Sequence[str] = ()) -> Fields:
    """What is published."""
    settings = publication.settings
    if settings.get("post_type") == "story":
        story = {"media_type": "STORIES"}
        return {**_file(publication.attachments[0]), **story} if publication.attachments else story
    shown = {"caption": publication.text, **_collaborators(settings), **_place(settings)}
    if _is_carousel(publication):
        return {"media_type": "CAROUSEL", "children": ",".join(children), **shown}
    for one in publication.attachments:
        if one.kind is MediaKind.VIDEO:
            return {**_file(one), **_cover(one), **_reel(settings), **_tags(publication), **shown}
        return {**_file(one), **_alt_text(one), **_tags(publication), **shown}
    return shown


def _is_carousel(publication: Publication) -> bool:
    return len(publication.attachments) > 1


def _file(attachment: Attachment) -> Fields:
    if attachment.kind is not MediaKind.VIDEO:
        return {"image_url": attachment.url}
    return {"media_type": "REELS", "video_url": attachment.url}


def _alt_text(attachment: Attachment) -> Fields:
    """Films have none at Instagram."""
    if attachment.kind is MediaKind.VIDEO or not attachment.alt_text:
        return {}
    return {"alt_text": attachment.alt_text}


def _cover(attachment: Attachment) -> Fields:
    return {"cover_url": attachment.cover.url} if attachment.cover else {}


def _reel(settings: Mapping[str, Any]) -> Fields:
    named = {"audio_name": str(settings["audio_name"])} if settings.get("audio_name") else {}
    if not settings.get("is_trial_reel"):
        return {"share_to_feed": "true", **named}
    strategy = settings.get("graduation_strategy", "MANUAL")
    return {"trial_params": json.dumps({"graduation_strategy": strategy}), **named}


def _tags(publication: Publication) -> Fields:
    """In a picture each person has a place, in a film none."""
    tagged = publication.settings.get("user_tags")
    if not tagged or not publication.attachments:
        return {}
    is_film = publication.attachments[0].kind is MediaKind.VIDEO
    people = [
        {
            "username": str(one["username"]).removeprefix("@"),
            **({} if is_film else {"x": one.get("x", 0.5), "y": one.get("y", 0.5)}),
        }
        for one in tagged
    ]
    return {"user_tags": json.dumps(people)}


def _place(settings: Mapping[str, Any]) -> Fields:
    return {"location_id": str(settings["location_id"])} if settings.get("location_id") else {}


def _collaborators(settings: Mapping[str, Any]) -> Fields:
    named = [str(one).removeprefix("@") for one in settings.get("collaborators") or ()]
    return {"collaborators": json.dumps(named[:_MOST_COLLABORATORS])} if named else {}
