"""WebP without EXIF, XMP, anything unknown, and what follows its end.

Source: RFC 9649, section 2.7.
"""

from shared.media.adapters.stripping.cursor import Cursor

_KEPT = {b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_HAS_METADATA = 0x08 | 0x04


def strip_webp(content: bytes) -> bytes:
    """The same picture, or pictures, their compressed data untouched.

    Raises:
        MediaRefused: `MEDIA_TRUNCATED`.
    """
    cursor = Cursor(content)
    cursor.take(4)
    size = cursor.number(4, "little")
    whole = Cursor(cursor.take(size + size % 2 if cursor.left > size else size))
    kept: list[bytes | memoryview] = [whole.take(4)]
    while whole.left:
        header = whole.take(8)
        length = int.from_bytes(header[4:], "little")
        body = whole.take(length)
        padding = whole.take(min(length % 2, whole.left))
        name = bytes(header[:4])
        if name == b"VP8X" and length:
            kept += [header, bytes((body[0] & ~_HAS_METADATA,)), body[1:], padding]
        elif name in _KEPT:
            kept += [header, body, padding]
    picture = b"".join(kept)
    return b"RIFF" + len(picture).to_bytes(4, "little") + picture
