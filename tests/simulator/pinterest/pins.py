"""A pin of Pinterest: what its API takes of one."""

import re
from typing import Any

from tests.simulator.fetching import fetched
from tests.simulator.files import NoSuchFile, Seen, look_at

_FIELDS: dict[str, int] = {
    "board_id": 25,
    "title": 100,
    "description": 800,
    "link": 2048,
    "alt_text": 500,
    "dominant_color": 7,
}
_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_PICTURE_MAXIMUM = 20 * 1024 * 1024
_COVER = {"cover_image_url", "cover_image_key_frame_time"}


class Invalid(Exception):
    """In Pinterest's words."""


def check(wish: dict[str, Any]) -> None:
    """All but what is shown. Raises Invalid."""
    for name in wish.keys() - _FIELDS.keys() - {"media_source"}:
        raise Invalid(f"Unexpected field '{name}'")
    for name, most in _FIELDS.items():
        value = wish.get(name, "")
        if not isinstance(value, str):
            raise Invalid(f"'{name}' must be a string")
        if sum(1 for _ in value) > most:
            raise Invalid(f"'{name}' must be {most} characters or fewer")
    if "link" in wish and not re.match(r"https?://[^\s/]+", wish["link"]):
        raise Invalid("'link' is not a valid URL")
    if "dominant_color" in wish and not re.fullmatch("#[0-9a-fA-F]{6}", wish["dominant_color"]):
        raise Invalid("'dominant_color' is not a colour")


async def pictures_of(source: dict[str, Any]) -> list[Seen]:
    """Fetched and looked at. Raises Invalid."""
    match source:
        case {"source_type": "image_url", "url": str(url), **rest} if not rest:
            return [await _picture(url)]
        case {"source_type": "multiple_image_urls", "items": [*items], **rest} if not rest:
            if not 2 <= len(items) <= 5:
                raise Invalid("A carousel has 2 to 5 images")
            seen = [await _picture(item.get("url")) for item in items]
            if len({(one.width, one.height) for one in seen}) > 1:
                raise Invalid("All images of a carousel must be of the same size")
            if any(one.mime_type == "image/gif" for one in seen):
                raise Invalid("A carousel takes no animated images")
            return seen
        case _:
            raise Invalid("The media source is not valid")


async def demand_cover(source: dict[str, Any]) -> None:
    """Of a film one is needed. Raises Invalid."""
    given = source.keys() & _COVER
    if len(given) != 1 or source.keys() - _COVER != {"source_type", "media_id"}:
        raise Invalid("The video needs one cover image")
    if "cover_image_url" in given:
        await _picture(source["cover_image_url"])
    elif not isinstance(source["cover_image_key_frame_time"], int):
        raise Invalid("The cover image is not a time")


async def _picture(url: object) -> Seen:
    data = await fetched(url)
    if data is None:
        raise Invalid("The image could not be fetched from its URL")
    try:
        seen = look_at(data)
    except NoSuchFile as error:
        raise Invalid("The image is corrupt or of an unknown type") from error
    if seen.mime_type not in _PICTURES or len(data) > _PICTURE_MAXIMUM:
        raise Invalid("The image is too large or of an unknown type")
    return seen
