"""What Threads takes of a container: developers.facebook.com, `Threads User/threads`."""

import re

from tests.simulator.meta.answers import refusal
from tests.simulator.threads.counting import count

MAXIMUM, LINKS = 500, 5
PICTURE_BYTES, FILM_BYTES = 8 * 1024 * 1024, 1024 * 1024 * 1024
_REPLIERS = frozenset(
    {"everyone", "accounts_you_follow", "mentioned_only", "parent_post_author_only"}
) | {"followers_only"}
_SHARED = {
    "media_type",
    "text",
    "reply_to_id",
    "reply_control",
    "topic_tag",
    "quote_post_id",
    "location_id",
}
PLACES = {
    "110774245616525": {"name": "Ghent", "city": "Ghent", "country": "Belgium"},
    "212988663": {"name": "Belfry of Ghent", "address": "Sint-Baafsplein", "city": "Ghent"},
    "309968765": {"name": "Menlo Park", "city": "Menlo Park", "country": "United States"},
}
_FIELDS = {
    "TEXT": _SHARED | {"link_attachment"},
    "IMAGE": _SHARED | {"image_url", "alt_text", "is_carousel_item"},
    "VIDEO": _SHARED | {"video_url", "alt_text", "is_carousel_item"},
    "CAROUSEL": _SHARED | {"children"},
}
_NEEDED = {"TEXT": "text", "IMAGE": "image_url", "VIDEO": "video_url", "CAROUSEL": "children"}
_TOPIC = re.compile(r"[^.&]{1,50}")


def kind_of(fields: dict[str, str]) -> str:
    """Of a container whose fields go together."""
    kind = fields.get("media_type", "")
    if kind not in _FIELDS:
        raise refusal(100, "Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}")
    if unknown := fields.keys() - _FIELDS[kind]:
        raise refusal(100, f"Unexpected parameters: {sorted(unknown)}")
    if not fields.get(_NEEDED[kind]):
        raise refusal(100, f"The parameter {_NEEDED[kind]} is required")
    if count(fields.get("text", "")) > MAXIMUM:
        raise refusal(100, f"Param text must be at most {MAXIMUM} characters long.")
    links = f"{fields.get('text', '')} {fields.get('link_attachment', '')}"
    if len(set(re.findall(r"https?://\S+", links))) > LINKS:
        raise refusal(100, f"A post has at most {LINKS} links", 2207051)
    if len(fields.get("alt_text", "")) > 1000:
        raise refusal(100, "Param alt_text must be at most 1000 characters long.")
    if fields.get("reply_control", "everyone") not in _REPLIERS:
        raise refusal(100, "Param reply_control is none of those there are")
    if "topic_tag" in fields and not _TOPIC.fullmatch(fields["topic_tag"]):
        raise refusal(100, "Param topic_tag has a character that it may not have")
    if "location_id" in fields:
        _demand_place(fields)
    return kind


def _demand_place(fields: dict[str, str]) -> None:
    if fields["location_id"] not in PLACES:
        raise refusal(100, "Param location_id must be the id of a location")
    if fields.get("is_carousel_item") == "true":
        raise refusal(100, "An item of a carousel has no location of its own")
