"""Files sent a piece at a time, to networks that take them so and remember how far they are."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from shared.channels.domain.media import Content, File
from shared.channels.domain.provider import ErrorClass, Refused

PASSING = frozenset({ErrorClass.NETWORK, ErrorClass.PLATFORM})
"""What keeps a piece from arriving now and not later: what has arrived before it is kept."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of a file, which has been read, as a file of its own."""

    name: str
    mime_type: str
    data: bytes = field(repr=False)

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def content(self) -> Content:
        return self

    async def read(self, start: int, length: int) -> bytes:
        return self.data[start : start + length]

    async def pieces(self, length: int) -> AsyncIterator[bytes]:
        for start in range(0, len(self.data), length):
            yield self.data[start : start + length]


async def piece_of(file: File, start: int, length: int) -> Piece:
    """So many bytes from `start`, or what is left of the file.

    Raises:
        Refused: the file is gone, or shorter than it was said to be.
    """
    data = await file.content.read(start, length)
    if not data:
        raise Refused(ErrorClass.MEDIA, "MEDIA_UNAVAILABLE", "The file ends before its size.")
    return Piece(name=file.name, mime_type=file.mime_type, data=data)


def content_range(start: int, piece: Piece, whole: File) -> str:
    """Which bytes of the whole a piece is (RFC 9110, section 14.4)."""
    return f"bytes {start}-{start + piece.size - 1}/{whole.size}"
