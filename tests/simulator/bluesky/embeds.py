"""What a post may show: the lexicons `app.bsky.embed.images` and `app.bsky.embed.video`."""

import re
from typing import Any

from tests.simulator import graphemes
from tests.simulator.bluesky.invalid import InvalidRecord

_LINK = re.compile(r"bafkrei[a-z2-7]{52}")
_KNOWN = {
    "app.bsky.embed.images": {"$type", "images"},
    "app.bsky.embed.video": {"$type", "video", "alt", "aspectRatio"},
}
_PICTURE = {"image", "alt", "aspectRatio"}


def check_embed(embed: Any) -> None:
    """Stricter than a PDS: nothing that it does not know is in it."""
    known = _KNOWN.get(embed["$type"])
    if known is None or not embed.keys() <= known:
        raise InvalidRecord("Record/embed is nothing this imitation knows")
    if embed["$type"] == "app.bsky.embed.video":
        _check_blob(embed["video"])
        _check_ratio(embed)
        alt = embed.get("alt", "")
        if graphemes.count(alt) > 1000 or len(alt.encode()) > 10_000:
            raise InvalidRecord("Record/embed/alt must not be longer than 1000 graphemes")
        return
    if not 1 <= len(embed["images"]) <= 4:
        raise InvalidRecord("Record/embed/images must not have more than 4 elements")
    for picture in embed["images"]:
        if not picture.keys() <= _PICTURE or not isinstance(picture["alt"], str):
            raise InvalidRecord('Record/embed/images/0 must have the property "alt"')
        _check_blob(picture["image"])
        _check_ratio(picture)


def _check_blob(blob: Any) -> None:
    if blob["$type"] != "blob" or not _LINK.fullmatch(blob["ref"]["$link"]):
        raise InvalidRecord("Record/embed should be a blob ref")
    if not isinstance(blob["size"], int) or not isinstance(blob["mimeType"], str):
        raise InvalidRecord("Record/embed should be a blob ref")


def _check_ratio(shown: dict[str, Any]) -> None:
    ratio = shown.get("aspectRatio", {"width": 1, "height": 1})
    if not all(isinstance(ratio[side], int) and ratio[side] >= 1 for side in ("width", "height")):
        raise InvalidRecord("Record/embed/aspectRatio/width can not be less than 1")
