"""PNG without text, EXIF, time, anything unknown, and what follows its end.

Source: W3C Portable Network Graphics (third edition), sections 5 and 11.
"""

from shared.media.adapters.stripping.cursor import Cursor

_SIGNATURE = 8
_PICTURE = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT"}
_COLOURS = {b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"cICP", b"mDCV"}


def strip_png(content: bytes) -> bytes:
    """The same picture, its compressed data untouched.

    Raises:
        MediaRefused: `MEDIA_TRUNCATED`.
    """
    cursor = Cursor(content)
    kept = [cursor.take(_SIGNATURE)]
    name = b""
    while name != b"IEND":
        start = cursor.position
        length = cursor.number(4)
        name = bytes(cursor.take(4))
        cursor.take(length + 4)
        if name in _PICTURE | _COLOURS:
            kept.append(memoryview(content)[start : cursor.position])
    return b"".join(kept)
