"""The boxes that HEIC, AVIF, MP4 and QuickTime files consist of.

Source: ISO/IEC 14496-12, section 4.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from shared.media.domain.refusals import truncated, unreadable

_LONGEST_HEADER = 16


@dataclass(frozen=True, kw_only=True)
class Box:
    """`start`, `body` and `end` are places in the file: of its header, what is in it, its end."""

    name: bytes
    start: int
    body: int
    end: int


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places, one after the other.

    Raises:
        MediaRefused: `MEDIA_TRUNCATED` where one would go on beyond `end`, `MEDIA_UNREADABLE`.
    """
    while end - start >= 8:  # noqa: PLR2004 the shortest header; less is what a writer left behind
        box = _box_at(file, start, end)
        yield box
        start = box.end


def _box_at(file: BinaryIO, start: int, end: int) -> Box:
    file.seek(start)
    header = file.read(_LONGEST_HEADER)
    size, name, length = int.from_bytes(header[:4]), header[4:8], 8
    if size == 1:
        size, length = int.from_bytes(header[8:16]), 16
    if size == 0:
        size = end - start
    if size < length:
        raise unreadable()
    if start + size > end:
        raise truncated()
    return Box(name=name, start=start, body=start + length, end=start + size)
