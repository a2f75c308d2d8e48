"""What stands for a file before anybody has opened it."""

from dataclasses import dataclass

THUMBNAIL_WIDTHS = (1080, 320)
"""Pixels; what is narrower keeps its width."""

TALLEST = 4
"""How many times as tall as its width bound a thumbnail is at most."""


@dataclass(frozen=True, kw_only=True)
class Thumbnail:
    content: bytes
    mime_type: str
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Preview:
    """`thumbnails` from the widest on; `dominant_colour` as `#rrggbb`; see blurha.sh."""

    thumbnails: tuple[Thumbnail, ...]
    blurhash: str
    dominant_colour: str
