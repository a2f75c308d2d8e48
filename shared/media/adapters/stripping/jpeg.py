"""JPEG without what is not the picture: EXIF, XMP, comments, other pictures, what follows its end.

Source: ITU T.81, annex B.
"""

import re

from shared.media.adapters.stripping.cursor import Cursor
from shared.media.domain.refusals import truncated, unreadable

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_ALONE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a segment of their own."""
_APPLICATIONS = range(0xE0, 0xF0)
_COMMENT = 0xFE
_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""What decoders need to show the same colours, and how it begins."""

_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def strip_jpeg(content: bytes) -> bytes:
    """The same picture, its compressed data untouched.

    Raises:
        MediaRefused: `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE`.
    """
    cursor = Cursor(content)
    kept: list[bytes | memoryview] = [cursor.take(2)]
    while (marker := _marker(cursor)) != _END:
        if marker in _ALONE or marker == _START:
            continue
        segment = cursor.take(max(cursor.number(2) - 2, 0))
        if _is_kept(marker, segment):
            kept += [bytes((0xFF, marker)), (len(segment) + 2).to_bytes(2), segment]
        if marker == _SCAN:
            found = _MARKER_IN_SCAN.search(content, cursor.position)
            if not found:
                raise truncated()  # decoders would show the rest in grey, and say nothing
            kept.append(cursor.take(found.start() - cursor.position))
    kept.append(bytes((0xFF, _END)))
    return b"".join(kept)


def _marker(cursor: Cursor) -> int:
    """The next marker, after any number of fill bytes."""
    if cursor.number(1) != 0xFF:  # noqa: PLR2004 the byte that a marker begins with
        raise unreadable()
    while (marker := cursor.number(1)) == 0xFF:  # noqa: PLR2004
        pass
    return marker


def _is_kept(marker: int, segment: memoryview) -> bool:
    if marker in _APPLICATIONS:
        return marker in _KEPT and bytes(segment[:12]).startswith(_KEPT[marker])
    return marker != _COMMENT
