"""A post of a page: what its feed takes, and what is told of one."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.simulator.files import NoSuchFile, Seen, look_at
from tests.simulator.meta.answers import refusal

MAXIMUM, COMMENT, ON_BACKGROUND, PHOTO_BYTES = 63_206, 8_000, 130, 4 * 1024 * 1024
_ATTACHED = re.compile(r"attached_media\[([0-9]+)\]")
_FIELDS = frozenset({"message", "link", "text_format_preset_id"})


@dataclass(kw_only=True)
class Photo:
    page: str
    alt_text: str
    seen: Seen
    is_shown: bool = False


@dataclass(kw_only=True)
class Post:
    """`parent` is what a comment stands below; `form` is one of feed, story, comment and film."""

    id: str
    page: str
    text: str
    form: str
    made_at: float
    url: str
    parent: str | None = None
    photos: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        made = f"{datetime.fromtimestamp(self.made_at, UTC):%Y-%m-%dT%H:%M:%S}+0000"
        told: dict[str, Any] = {
            "id": self.id,
            "message": self.text,
            "created_time": made,
            "permalink_url": self.url,
        }
        if not self.text:
            del told["message"]
        shown = [{"type": "photo", "target": {"id": one}} for one in self.photos]
        if len(shown) == 1:
            told["attachments"] = {"data": shown}
        elif shown:
            told["attachments"] = {"data": [{"type": "album", "subattachments": {"data": shown}}]}
        return told


def photo_of(page: str, fields: dict[str, str], data: bytes) -> Photo:
    if fields.keys() - {"published", "temporary", "alt_text_custom"}:
        raise refusal(100, "(#100) Unexpected parameters")
    if fields.get("published") != "false":
        raise refusal(100, "(#100) This one publishes nothing by itself")
    if len(fields.get("alt_text_custom", "")) > 1000:
        raise refusal(100, "(#100) alt_text_custom is too long")
    words = "Your photos couldn't be uploaded. They should be smaller than 4 MB, JPG or PNG."
    try:
        seen = look_at(data)
    except NoSuchFile as error:
        raise refusal(324, "Missing or invalid image file", 1366046) from error
    if seen.mime_type not in {"image/jpeg", "image/png"} or seen.size > PHOTO_BYTES:
        raise refusal(324, words, 1366046)
    return Photo(page=page, alt_text=fields.get("alt_text_custom", ""), seen=seen)


def attached(fields: dict[str, str]) -> list[str]:
    """The ids of photos, in order."""
    named = {
        int(found[1]): value
        for name, value in fields.items()
        if (found := _ATTACHED.fullmatch(name))
    }
    if sorted(named) != list(range(len(named))) or len(named) > 10:
        raise refusal(100, "(#100) attached_media must be a list of ten at most")
    try:
        return [str(json.loads(named[place])["media_fbid"]) for place in sorted(named)]
    except (KeyError, TypeError, ValueError) as error:
        raise refusal(100, "(#100) attached_media must hold a media_fbid") from error


def check_feed(fields: dict[str, str], photos: list[str]) -> None:
    plain = {name for name in fields if not _ATTACHED.fullmatch(name)}
    if plain - _FIELDS:
        raise refusal(100, f"(#100) Unexpected parameters: {sorted(plain - _FIELDS)}")
    text = fields.get("message", "")
    if not text.strip() and not photos and "link" not in fields:
        raise refusal(100, "(#100) Missing message or attachment")
    if len(text) > MAXIMUM:
        raise refusal(100, f"(#100) Param message must be at most {MAXIMUM} characters long")
    if photos and "link" in fields:
        raise refusal(100, "(#100) A link and photos do not go together")
    if "text_format_preset_id" in fields and (
        photos or "link" in fields or len(text) > ON_BACKGROUND
    ):
        raise refusal(100, "(#100) A background is for short words alone")
