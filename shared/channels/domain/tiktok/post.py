"""A post as TikTok takes it (developers.tiktok.com: content posting API)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
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
from shared.channels.domain.tiktok.upload import pieces_of

MAXIMUM = 2200
PUBLIC = "PUBLIC_TO_EVERYONE"

SETTINGS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "title": {
            "title": "Title",
            "description": "Of a post of pictures; a video has none",
            "type": "string",
            "minLength": 1,
            "maxLength": 90,
        },
        "privacy_level": {
            "title": "Who can watch it",
            "description": "One that the account offers. Absent: the widest of them",
            "enum": [PUBLIC, "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"],
        },
        "comment": {
            "title": "Comments",
            "description": "Whether people may comment. Absent: as the account has it",
            "type": "boolean",
        },
        "duet": {
            "title": "Duets",
            "description": "Whether people may make duets. Absent: as the account has it",
            "type": "boolean",
        },
        "stitch": {
            "title": "Stitches",
            "description": "Whether people may use parts of it. Absent: as the account has it",
            "type": "boolean",
        },
        "autoAddMusic": {
            "title": "Add music",
            "description": "Let TikTok choose music for pictures. Absent: it does not",
            "type": "boolean",
        },
        "brand_content_toggle": {
            "title": "Paid partnership",
            "description": "Label it as a promotion of somebody else's",
            "type": "boolean",
        },
        "brand_organic_toggle": {
            "title": "Your brand",
            "description": "Label it as a promotion of one's own",
            "type": "boolean",
        },
        "video_made_with_ai": {
            "title": "Made with AI",
            "description": "Label a video as made with artificial intelligence",
            "type": "boolean",
        },
        "content_posting_method": {
            "title": "Way of posting",
            "description": "At once, or into the inbox, where the person posts it. Absent: at once",
            "enum": ["DIRECT_POST", "UPLOAD"],
        },
    },
}

MEDIA = MediaRules(
    images=ImageRules(
        formats=("image/jpeg", "image/webp"),
        max_bytes=20 * 1024 * 1024,
        shape=Shape(max_width=1920, max_height=1920),
    ),
    videos=VideoRules(
        formats=("video/mp4", "video/quicktime", "video/webm"),
        max_bytes=4 * 1024**3,
        shape=Shape(min_width=360, min_height=360, max_width=4096, max_height=4096),
        min_duration=timedelta(seconds=3),
        max_duration=timedelta(minutes=10),
        min_fps=23,
        max_fps=60,
    ),
    max_images=35,
    max_videos=1,
    min_items=1,
    max_items=35,
)


@dataclass(frozen=True, kw_only=True)
class Creator:
    """What an account may do now, by its own settings and by TikTok's word."""

    privacy_levels: tuple[str, ...]
    comments: bool
    duets: bool
    stitches: bool
    longest: timedelta

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Creator":
        return cls(
            privacy_levels=tuple(map(str, told["privacy_level_options"])),
            comments=not told.get("comment_disabled"),
            duets=not told.get("duet_disabled"),
            stitches=not told.get("stitch_disabled"),
            longest=timedelta(seconds=int(told["max_video_post_duration_sec"])),
        )


ANYBODY = Creator(
    privacy_levels=("<the widest>",),
    comments=True,
    duets=True,
    stitches=True,
    longest=timedelta.max,
)


def is_direct(publication: Publication) -> bool:
    return bool(publication.settings.get("content_posting_method", "DIRECT_POST") == "DIRECT_POST")


def film_of(publication: Publication) -> Attachment | None:
    """The film, where it is one; else there are pictures."""
    films = (one for one in publication.attachments if one.kind is MediaKind.VIDEO)
    return next(films, None)


def demand_media(publication: Publication) -> None:
    """Raises Refused: class media; it is neither a film nor pictures."""
    kinds, number = {one.kind for one in publication.attachments}, len(publication.attachments)
    most = {MediaKind.VIDEO: MEDIA.max_videos, MediaKind.IMAGE: MEDIA.max_images}
    if len(kinds) != 1 or number > most.get(next(iter(kinds)), 0):
        words = "TikTok takes one video, or up to 35 pictures."
        raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)


def path_of(publication: Publication) -> str:
    if film_of(publication) is None:
        return "/v2/post/publish/content/init/"
    if is_direct(publication):
        return "/v2/post/publish/video/init/"
    return "/v2/post/publish/inbox/video/init/"


def post_of(publication: Publication, creator: Creator) -> dict[str, Any]:
    """What is sent to begin with; pictures are published by it, a video by its last piece."""
    film = film_of(publication)
    if film is None:
        return {
            "media_type": "PHOTO",
            "post_mode": "DIRECT_POST" if is_direct(publication) else "MEDIA_UPLOAD",
            "post_info": _told_of_pictures(publication, creator),
            "source_info": {
                "source": "PULL_FROM_URL",
                "photo_cover_index": 0,
                "photo_images": [one.url for one in publication.attachments],
            },
        }
    size, number = pieces_of(film)
    source = {
        "source": "FILE_UPLOAD",
        "video_size": film.size,
        "chunk_size": size,
        "total_chunk_count": number,
    }
    if not is_direct(publication):
        return {"source_info": source}
    return {"post_info": _told_of_film(publication, creator), "source_info": source}


def _told_of_film(publication: Publication, creator: Creator) -> dict[str, Any]:
    settings = publication.settings
    return {
        **_told(publication, creator),
        "title": publication.text,
        "disable_duet": not (creator.duets and settings.get("duet", True)),
        "disable_stitch": not (creator.stitches and settings.get("stitch", True)),
        "is_aigc": bool(settings.get("video_made_with_ai", False)),
    }


def _told_of_pictures(publication: Publication, creator: Creator) -> dict[str, Any]:
    title = publication.settings.get("title")
    words = {"description": publication.text, **({"title": title} if title else {})}
    if not is_direct(publication):
        return words
    music = bool(publication.settings.get("autoAddMusic", False))
    return {**_told(publication, creator), **words, "auto_add_music": music}


def _told(publication: Publication, creator: Creator) -> dict[str, Any]:
    settings = publication.settings
    return {
        "privacy_level": settings.get("privacy_level") or creator.privacy_levels[0],
        "disable_comment": not (creator.comments and settings.get("comment", True)),
        "brand_content_toggle": bool(settings.get("brand_content_toggle", False)),
        "brand_organic_toggle": bool(settings.get("brand_organic_toggle", False)),
    }
