"""How large a picture is, as its header has it: nothing of it is opened.

Sources: the specifications that `signature` goes by, and ISO/IEC 23008-12, `ispe`.
"""

from collections.abc import Callable

from shared.media.domain.signature import MediaFormat

Read = Callable[[int, int], bytes]
"""So many bytes of a file from a place in it; fewer where it ends."""

Pixels = tuple[int, int]
"""Width and height."""

_SEGMENTS = 200
"""How many of a JPEG's are passed on the way to its header."""
_META = 64 * 1024
"""Where in a HEIC or AVIF file that is looked for."""
_STANDING_ALONE = {0x01, *range(0xD0, 0xD9)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def header_size(read: Read, format_: MediaFormat) -> Pixels | None:
    """Nothing of what is no picture, and where the header cannot be found."""
    look = _LOOKS.get(format_)
    return None if look is None else look(read)


def _png(read: Read) -> Pixels | None:
    header = read(16, 8)
    return int.from_bytes(header[:4]), int.from_bytes(header[4:])


def _gif(read: Read) -> Pixels | None:
    header = read(6, 4)
    return int.from_bytes(header[:2], "little"), int.from_bytes(header[2:], "little")


def _webp(read: Read) -> Pixels | None:
    header = read(12, 18)
    match header[:4]:
        case b"VP8X":
            width, height = header[12:15], header[15:18]
            return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
        case b"VP8L":
            bits = int.from_bytes(header[9:13], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case _:
            width, height = header[14:16], header[16:18]
            return (
                int.from_bytes(width, "little") & 0x3FFF,
                int.from_bytes(height, "little") & 0x3FFF,
            )


def _jpeg(read: Read) -> Pixels | None:
    at = 2
    for _ in range(_SEGMENTS):
        header = read(at, 9)
        if len(header) < 9 or header[0] != 0xFF:  # noqa: PLR2004 a frame's header, to its width
            return None
        marker = header[1]
        if marker in _FRAMES:
            return int.from_bytes(header[7:9]), int.from_bytes(header[5:7])
        if marker == 0xFF:  # noqa: PLR2004 any number of them may be in front of a marker
            at += 1
        elif marker in _STANDING_ALONE:
            at += 2
        else:
            at += 2 + int.from_bytes(header[2:4])
    return None


def _heif(read: Read) -> Pixels | None:
    """The largest of all that are in it."""
    head = read(0, _META)
    found: list[Pixels] = []
    at = head.find(b"ispe")
    while at >= 0:
        header = head[at + 8 : at + 16]
        found.append((int.from_bytes(header[:4]), int.from_bytes(header[4:])))
        at = head.find(b"ispe", at + 4)
    return max(found, key=lambda pixels: pixels[0] * pixels[1], default=None)


_LOOKS: dict[MediaFormat, Callable[[Read], Pixels | None]] = {
    MediaFormat.PNG: _png,
    MediaFormat.GIF: _gif,
    MediaFormat.WEBP: _webp,
    MediaFormat.JPEG: _jpeg,
    MediaFormat.AVIF: _heif,
    MediaFormat.HEIC: _heif,
}
