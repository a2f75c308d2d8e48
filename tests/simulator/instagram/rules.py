"""What Instagram takes of a container: developers.facebook.com, `IG User/media`."""

import json
import re
import unicodedata
from typing import Any

from tests.simulator.meta.answers import refusal

CAPTION, HASHTAGS, MENTIONS, COMMENT = 2200, 30, 20, 300
PICTURE_BYTES = 8 * 1024 * 1024
REEL_BYTES, STORY_BYTES = 300 * 1024 * 1024, 100 * 1024 * 1024
PLACES: dict[str, dict[str, Any]] = {
    "110774245616525": {"name": "Ghent", "location": {"city": "Ghent", "country": "Belgium"}},
    "212988663": {"name": "Belfry of Ghent", "location": {"city": "Ghent"}},
    "777": {"name": "Ghent in pictures"},
}
"""Pages by their ids; the last is nowhere."""
_HASHTAG = re.compile(r"(?<!\w)#\w+")
_MENTION = re.compile(r"(?<!\w)@[\w.]+")
_LINK = re.compile(r"https?://\S+")
_FIELDS = {
    "IMAGE": {
        "image_url",
        "caption",
        "alt_text",
        "is_carousel_item",
        "collaborators",
        "user_tags",
        "location_id",
    },
    "REELS": {
        "media_type",
        "video_url",
        "caption",
        "cover_url",
        "share_to_feed",
        "trial_params",
        "is_carousel_item",
        "collaborators",
        "user_tags",
        "location_id",
        "audio_name",
    },
    "STORIES": {"media_type", "image_url", "video_url"},
    "CAROUSEL": {"media_type", "children", "caption", "collaborators", "location_id"},
}


def kind_of(fields: dict[str, str]) -> str:
    """Of a container whose fields go together."""
    kind = fields.get("media_type", "IMAGE")
    if kind not in _FIELDS:
        raise refusal(100, f"(#100) Unknown media type {kind}", 2207023)
    if unknown := fields.keys() - _FIELDS[kind]:
        raise refusal(100, f"(#100) Unexpected parameters: {sorted(unknown)}")
    files = [name for name in ("image_url", "video_url") if name in fields]
    wanted: dict[str, list[list[str]]] = {
        "IMAGE": [["image_url"]],
        "REELS": [["video_url"]],
        "CAROUSEL": [[]],
    }
    if files not in wanted.get(kind, [["image_url"], ["video_url"]]):
        raise refusal(100, "(#100) The image_url or video_url is required", 2207023)
    check_caption(fields.get("caption", ""))
    if len(fields.get("alt_text", "")) > 1000:
        raise refusal(100, "(#100) Param alt_text must be at most 1000 characters long")
    if "collaborators" in fields:
        _check_collaborators(fields["collaborators"])
    if "user_tags" in fields:
        _check_tags(fields["user_tags"], is_film="video_url" in fields)
    if "location_id" in fields and "location" not in PLACES.get(fields["location_id"], {}):
        raise refusal(100, "(#100) Param location_id must be the id of a page with a location")
    if "location_id" in fields and "is_carousel_item" in fields:
        raise refusal(100, "(#100) An item of a carousel has no location of its own")
    if "trial_params" in fields:
        _check_trial(fields["trial_params"])
    return kind


def check_caption(caption: str) -> None:
    """Each character counts one, however it is drawn."""
    too_much = (
        sum(1 for _ in caption) > CAPTION
        or len(_HASHTAG.findall(caption)) > HASHTAGS
        or len(_MENTION.findall(caption)) > MENTIONS
    )
    if too_much:
        words = f"The caption was too long: it has {len(caption)} of {CAPTION} characters"
        raise refusal(36004, words, 2207010)


def check_comment(text: str) -> None:
    letters = [one for one in text if unicodedata.category(one) in {"Lu", "Ll"}]
    wrong = (
        not text.strip()
        or len(text) > COMMENT
        or len(_HASHTAG.findall(text)) > 4
        or len(_LINK.findall(text)) > 1
        or (len(letters) > 1 and all(one.isupper() for one in letters))
    )
    if wrong:
        raise refusal(100, f"(#100) A comment has {COMMENT} characters at most, and manners")


def _check_collaborators(value: str) -> None:
    named = _json(value)
    if not isinstance(named, list) or not 1 <= len(named) <= 3:
        raise refusal(100, "(#100) Param collaborators must be an array of at most 3 usernames")
    if not all(isinstance(one, str) and re.fullmatch(r"[\w.]{1,30}", one) for one in named):
        raise refusal(100, "(#100) Param collaborators holds what is no username")


def _check_tags(value: str, *, is_film: bool) -> None:
    tagged = _json(value)
    if not isinstance(tagged, list) or not 1 <= len(tagged) <= 20:
        raise refusal(100, "(#100) Param user_tags must be an array of at most 20 people")
    needed = {"username"} if is_film else {"username", "x", "y"}
    for one in tagged:
        if one.keys() != needed or not re.fullmatch(r"[\w.]{1,30}", one["username"]):
            raise refusal(100, "(#100) Param user_tags holds what is no tag")
        if not all(0 <= one[where] <= 1 for where in needed - {"username"}):
            raise refusal(100, "(#100) The position of a tag is outside of the picture")


def _check_trial(value: str) -> None:
    said = _json(value)
    if said not in ({"graduation_strategy": one} for one in ("MANUAL", "SS_PERFORMANCE")):
        raise refusal(100, "(#100) Param trial_params must have a graduation_strategy")


def _json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return None
