"""GIF without comments, texts, foreign applications' data, and what follows its end.

Source: CompuServe, Graphics Interchange Format, version 89a.
"""

from shared.media.adapters.stripping.cursor import Cursor
from shared.media.domain.refusals import unreadable

_EXTENSION, _IMAGE, _END = 0x21, 0x2C, 0x3B
_TIMING, _APPLICATION = 0xF9, 0xFF
_LOOPING = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_PALETTE = 0x80


def strip_gif(content: bytes) -> bytes:
    """The same pictures, their compressed data untouched.

    A missing end marker is mended where nothing else is missing.

    Raises:
        MediaRefused: `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE`.
    """
    cursor = Cursor(content)
    screen = cursor.take(13)
    _take_palette(cursor, screen[10])
    kept = [memoryview(content)[: cursor.position]]
    images = 0
    while cursor.left:
        start = cursor.position
        kind = cursor.number(1)
        if kind == _END:
            break
        if kind == _IMAGE:
            _take_palette(cursor, cursor.take(9)[8])
            cursor.take(1)
            _take_blocks(cursor)
            is_kept = True
            images += 1
        elif kind == _EXTENSION:
            label = cursor.number(1)
            first = _take_blocks(cursor)
            is_kept = label == _TIMING or (label == _APPLICATION and first.startswith(_LOOPING))
        else:
            raise unreadable()
        if is_kept:
            kept.append(memoryview(content)[start : cursor.position])
    if not images:
        raise unreadable()
    return b"".join([*kept, bytes((_END,))])


def _take_palette(cursor: Cursor, flags: int) -> None:
    if flags & _PALETTE:
        cursor.take(3 << (flags & 7) + 1)


def _take_blocks(cursor: Cursor) -> bytes:
    """Pass a series of blocks; answers the first of them."""
    first = block = bytes(cursor.take(cursor.number(1)))
    while block:
        block = bytes(cursor.take(cursor.number(1)))
    return first
