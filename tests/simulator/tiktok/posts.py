"""A post of TikTok: what its API takes of one, and what becomes of its files."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.simulator.fetching import fetched
from tests.simulator.files import NoSuchFile, Seen, look_at

_LEAST_PIECE, _MOST_PIECE = 5_000_000, 64_000_000
_FILM_MAXIMUM = 4 * 1024**3
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_TOLD: dict[str, type] = {
    "privacy_level": str,
    "disable_comment": bool,
    "brand_content_toggle": bool,
    "brand_organic_toggle": bool,
}
_OF_FILM: dict[str, type] = {
    **_TOLD,
    "title": str,
    "disable_duet": bool,
    "disable_stitch": bool,
    "is_aigc": bool,
    "video_cover_timestamp_ms": int,
}
_OF_PICTURES: dict[str, type] = {**_TOLD, "title": str, "description": str, "auto_add_music": bool}


class Invalid(Exception):
    """TikTok's code, and its words."""


@dataclass(kw_only=True)
class Item:
    """What is being published; `fail_reason` is why that has failed."""

    publish_id: str
    post_id: str
    open_id: str
    text: str
    kind: str
    status: str = "PROCESSING_UPLOAD"
    fail_reason: str = ""
    size: int = 0
    piece: int = 0
    pieces: int = 0
    received: bytearray = field(default_factory=bytearray)
    is_direct: bool = True
    is_public: bool = True
    moderation: int = 0

    def take(self, said: str, body: bytes) -> bool:
        """Whether it is the last piece. Raises Invalid: it is none that comes next."""
        match = _RANGE.fullmatch(said)
        if match is None:
            raise Invalid("invalid_params", "The Content-Range is not valid.")
        first, last, size = map(int, match.groups())
        if size != self.size or len(body) != last - first + 1:
            raise Invalid("invalid_params", "The Content-Range is not that of the body.")
        if first != len(self.received):
            raise Invalid("range", "Pieces come in order.")
        is_last = first // self.piece >= self.pieces - 1
        if len(body) != (size - first if is_last else self.piece):
            raise Invalid("invalid_params", "The piece is not of the size that was told.")
        return is_last


def check_words(info: Any, *, of_film: bool, levels: tuple[str, ...]) -> None:
    """Raises Invalid."""
    known = _OF_FILM if of_film else _OF_PICTURES
    if not isinstance(info, dict):
        raise Invalid("invalid_params", "post_info is missing.")
    for name, value in info.items():
        if not isinstance(value, known.get(name, type(None))):
            raise Invalid("invalid_params", f"post_info.{name} is not valid.")
    most = {"title": 2200} if of_film else {"title": 90, "description": 4000}
    for name, maximum in most.items():
        if _length(info.get(name, "")) > maximum:
            raise Invalid("invalid_params", f"{name} must be {maximum} characters at most.")
    if info.get("privacy_level") not in levels:
        words = "privacy_level is not one of those that the creator may choose."
        raise Invalid("privacy_level_option_mismatch", words)
    if info["privacy_level"] == "SELF_ONLY" and info.get("brand_content_toggle"):
        raise Invalid("invalid_params", "Branded content may not be private.")


def check_source(source: Any) -> None:
    """Of a video that is uploaded. Raises Invalid."""
    names = {"source", "video_size", "chunk_size", "total_chunk_count"}
    if not isinstance(source, dict) or source.keys() != names:
        raise Invalid("invalid_params", "source_info is not valid.")
    size, piece = source["video_size"], source["chunk_size"]
    if source["source"] != "FILE_UPLOAD" or not 0 < size <= _FILM_MAXIMUM:
        raise Invalid("invalid_params", "The size of the video is not valid.")
    if size < _LEAST_PIECE and piece != size:
        raise Invalid("invalid_params", "A small video is uploaded as a whole.")
    if size >= _LEAST_PIECE and not _LEAST_PIECE <= piece <= _MOST_PIECE:
        raise Invalid("invalid_params", "chunk_size is not valid.")
    if source["total_chunk_count"] != max(1, size // piece):
        raise Invalid("invalid_params", "total_chunk_count is not valid.")


def film_of(data: bytes, longest: float) -> Seen:
    """Raises Invalid."""
    try:
        seen = look_at(data)
    except NoSuchFile as error:
        raise Invalid("file_format_check_failed") from error
    if not seen.mime_type.startswith("video/"):
        raise Invalid("file_format_check_failed")
    if not 3 <= seen.seconds <= longest:
        raise Invalid("duration_check_failed")
    if not 23 <= seen.fps <= 60:
        raise Invalid("frame_rate_check_failed")
    if not all(360 <= side <= 4096 for side in (seen.width or 0, seen.height or 0)):
        raise Invalid("picture_size_check_failed")
    return seen


async def pictures_of(source: Any) -> list[Seen]:
    """Raises Invalid: where its words are missing, that is only told when it is asked for."""
    names = {"source", "photo_cover_index", "photo_images"}
    if not isinstance(source, dict) or source.keys() != names:
        raise Invalid("invalid_params", "source_info is not valid.")
    urls, cover = source["photo_images"], source["photo_cover_index"]
    if source["source"] != "PULL_FROM_URL" or not 1 <= len(urls) <= 35:
        raise Invalid("invalid_params", "photo_images must be 1 to 35 addresses.")
    if not 0 <= cover < len(urls):
        raise Invalid("invalid_params", "photo_cover_index is not valid.")
    return [await _picture(url) for url in urls]


async def _picture(url: object) -> Seen:
    data = await fetched(url)
    if data is None:
        raise Invalid("photo_pull_failed")
    try:
        seen = look_at(data)
    except NoSuchFile as error:
        raise Invalid("file_format_check_failed") from error
    if seen.mime_type not in {"image/jpeg", "image/webp"} or seen.size > 20 * 1024 * 1024:
        raise Invalid("file_format_check_failed")
    if max(seen.width or 0, seen.height or 0) > 1920:
        raise Invalid("picture_size_check_failed")
    return seen


def _length(text: str) -> int:
    return sum(2 if ord(character) > 0xFFFF else 1 for character in text)
