"""A submission as Reddit takes it (reddit.com/dev/api: submit, comment; praw-dev/praw)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from shared.channels.domain.media import (
    Attachment,
    ImageRules,
    MediaKind,
    MediaRules,
    VideoRules,
)
from shared.channels.domain.provider import ErrorClass, Publication, Refused
from shared.channels.domain.server_address import last_segment

MAXIMUM, COMMENT = 40_000, 10_000
_TITLE = 300

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "subreddit": {
            "title": "Subreddit",
            "description": "Where it is submitted, and how. Absent: to the account's own profile",
            "type": "array",
            "maxItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["subreddit"],
                "properties": {
                    "subreddit": {
                        "title": "Subreddit",
                        "description": "Its name, without r/",
                        "type": "string",
                        "pattern": "^[A-Za-z0-9_-]{2,24}$",
                    },
                    "title": {
                        "title": "Title",
                        "description": "Absent: the first line of the text",
                        "type": "string",
                        "minLength": 1,
                        "maxLength": _TITLE,
                        "pattern": r"\S",
                    },
                    "type": {
                        "title": "Kind",
                        "description": "Absent: what is attached, else a link if there is one",
                        "enum": ["self", "link", "image", "video", "videogif"],
                    },
                    "url": {
                        "title": "Link",
                        "description": "What a link leads to",
                        "type": "string",
                        "pattern": r"^https?://\S+$",
                        "maxLength": 2048,
                    },
                    "flair": {
                        "title": "Flair",
                        "description": "One of those that the subreddit offers",
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["id"],
                        "properties": {
                            "id": {"type": "string", "pattern": "^[0-9a-f-]{36}$"},
                            "name": {"type": "string", "maxLength": 64},
                        },
                    },
                    "is_flair_required": {
                        "title": "Flair is required",
                        "description": "As the tool `requirements` tells: judge it before sending",
                        "type": "boolean",
                    },
                },
                "if": {
                    "required": ["is_flair_required"],
                    "properties": {"is_flair_required": {"const": True}},
                },
                "then": {"required": ["flair"]},
            },
        },
        "nsfw": {
            "title": "Adult content",
            "description": "Warn people of what it shows",
            "type": "boolean",
        },
        "spoiler": {
            "title": "Spoiler",
            "description": "Hide what it shows until somebody wants to see it",
            "type": "boolean",
        },
    },
}
"""One schedule submits to one subreddit, so that each has an ending of its own."""

MEDIA = MediaRules(
    images=ImageRules(max_bytes=20 * 1024 * 1024),
    animations=ImageRules(formats=("image/gif",), max_bytes=20 * 1024 * 1024),
    videos=VideoRules(
        formats=("video/mp4", "video/quicktime"),
        max_bytes=1024**3,
        min_duration=timedelta(seconds=2),
        max_duration=timedelta(minutes=15),
    ),
    max_images=20,
    max_animations=1,
    max_videos=1,
    max_items=20,
)


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a submission goes, and as what."""

    subreddit: str
    title: str
    kind: str
    url: str
    flair: Mapping[str, str]


def target_of(publication: Publication, username: str) -> Target:
    """By what its author has chosen, and by what is attached."""
    chosen: Mapping[str, Any] = next(iter(publication.settings.get("subreddit") or ()), {})
    first = next(iter(publication.text.strip().splitlines()), "")
    kind = chosen.get("type") or _kind(publication.attachments, chosen.get("url", ""))
    return Target(
        subreddit=chosen.get("subreddit") or f"u_{username}",
        title=str(chosen.get("title") or first or "Untitled")[:_TITLE].strip(),
        kind=kind,
        url=str(chosen.get("url") or ""),
        flair=chosen.get("flair") or {},
    )


def form_of(publication: Publication, target: Target, urls: Sequence[str]) -> dict[str, str]:
    """What is sent for anything but several pictures.

    `urls` are those of the film and its cover, or of the picture.
    """
    labels = {name: "true" for name in ("nsfw", "spoiler") if publication.settings.get(name)}
    form = {
        "api_type": "json",
        "sr": target.subreddit,
        "title": target.title,
        "kind": target.kind,
        "text": publication.text,
        "sendreplies": "true",
        "resubmit": "true",
        **labels,
        **_flair(target),
    }
    if target.kind == "link":
        form["url"] = target.url
    elif urls:
        form["url"] = urls[0]
    if target.kind in {"video", "videogif"}:
        form["video_poster_url"] = urls[-1]
    return form


def gallery_of(
    publication: Publication, target: Target, asset_ids: Sequence[str]
) -> dict[str, Any]:
    """What is sent for several pictures, as JSON."""
    items = [{"caption": "", "outbound_url": "", "media_id": each} for each in asset_ids]
    return {
        "api_type": "json",
        "sr": target.subreddit,
        "title": target.title,
        "text": publication.text,
        "items": items,
        "sendreplies": True,
        "show_error_list": True,
        "validate_on_submit": True,
        "nsfw": bool(publication.settings.get("nsfw", False)),
        "spoiler": bool(publication.settings.get("spoiler", False)),
        **_flair(target),
    }


def fullname(address: str) -> str:
    """How Reddit names a submission or a comment; its link does as well."""
    parts = urlsplit(address).path.strip("/").split("/")
    if "comments" not in parts:
        return last_segment(address)
    submission, *below = parts[parts.index("comments") + 1 :]
    comment = below[1:]
    return f"t1_{comment[0]}" if comment else f"t3_{submission}"


def _flair(target: Target) -> dict[str, str]:
    if not target.flair:
        return {}
    named = {"flair_text": target.flair["name"]} if target.flair.get("name") else {}
    return {"flair_id": target.flair["id"], **named}


def _kind(attached: Sequence[Attachment], url: str) -> str:
    if not attached:
        return "link" if url else "self"
    return "video" if attached[0].kind is MediaKind.VIDEO else "image"


def demand_media(publication: Publication, kind: str) -> None:
    """Raises Refused: class media; what is attached does not go with this kind."""
    attached = publication.attachments
    kinds = {one.kind for one in attached}
    is_film = kinds == {MediaKind.VIDEO} and len(attached) == 1
    is_still = kinds == {MediaKind.IMAGE} and len(attached) <= MEDIA.max_images
    is_moving = kinds == {MediaKind.ANIMATION} and len(attached) == 1
    fits = {
        "self": not attached,
        "link": not attached,
        "image": is_still or is_moving,
        "video": is_film,
        "videogif": is_film,
    }
    if not fits[kind]:
        words = f"A submission of the kind {kind} does not go with what is attached."
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
