"""Whether a file ends where it should, and whether it is something else at the same time.

Some readers find what they look for at the end of a file, or anywhere in its first kilobyte: an
archive that begins as a picture does is both. What follows after the end of a picture and is none
of that is left to processing, which cuts it off: phones keep films and depth maps there.
"""

from collections.abc import Callable

from shared.kernel.errors import RuleViolation
from shared.media.domain.header_size import Read
from shared.media.domain.refusals import MediaRefused, truncated
from shared.media.domain.signature import HEAD, MediaFormat

_TAIL = 64 * 1024
_BOXES = 64
"""How many of a film's outermost boxes are walked; one that is in fragments has thousands."""
_END_OF_ARCHIVE = b"PK\x05\x06"
_ITS_LENGTH = 22
_PADDING = b"\0\r\n\t "
_FOREIGN = (b"<script", b"<html", b"<!doctype", b"<?php", b"<svg", b"<iframe", b"<body")
_BEGINNINGS = (b"%PDF-", b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x7fELF", b"MZ")
_END_OF_PNG = b"IEND\xaeB`\x82"
_END_OF_JPEG = b"\xff\xd9"
_SHORTEST_BOX = 8


def demand_sound(read: Read, size: int, format_: MediaFormat) -> None:
    """Refuse what ends too early, and what is two things at once.

    Raises:
        RuleViolation: `MEDIA_TRUNCATED`, `MEDIA_POLYGLOT`.
    """
    head = read(0, HEAD)
    start = max(0, size - _TAIL)
    tail = read(start, _TAIL)
    end = _ENDS[format_](read, size, tail)
    _demand_single(head, tail, tail[max(0, end - start) :], format_)


def _demand_single(head: bytes, tail: bytes, rest: bytes, format_: MediaFormat) -> None:
    """`rest` is what comes after the end, as far as that is in `tail`."""
    beginning = head.lower()
    if format_ is not MediaFormat.PDF and (
        b"%pdf-" in beginning or any(each in beginning for each in _FOREIGN)
    ):
        raise _two_things()
    if format_ is MediaFormat.GIF and head[6:8] == b"/*":
        raise _two_things()
    if _is_archive(tail) or rest.lstrip(_PADDING).startswith(_BEGINNINGS):
        raise _two_things()
    if any(each in rest.lower() for each in _FOREIGN):
        raise _two_things()


def _is_archive(tail: bytes) -> bool:
    """Whether a ZIP's directory ends where the file does, as its readers want it."""
    at = tail.rfind(_END_OF_ARCHIVE)
    if at < 0 or len(tail) - at < _ITS_LENGTH:
        return False
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    return at + _ITS_LENGTH + comment <= len(tail)


def _two_things() -> RuleViolation:
    return MediaRefused(
        "MEDIA_POLYGLOT", "This file is something else as well: save it anew as what it should be"
    )


def _after(marker: bytes) -> Callable[[Read, int, bytes], int]:
    def end(_read: Read, size: int, tail: bytes) -> int:
        at = tail.rfind(marker)
        if at < 0:
            raise truncated()
        return size - len(tail) + at + len(marker)

    return end


def _gif(_read: Read, size: int, tail: bytes) -> int:
    kept = tail.rstrip(_PADDING)
    if not kept.endswith(b";"):
        raise truncated()
    return size - len(tail) + len(kept)


def _riff(read: Read, size: int, _tail: bytes) -> int:
    """An AVI of more than a gigabyte has several, one after the other."""
    at = 0
    for _ in range(_BOXES):
        header = read(at, 8)
        if len(header) < _SHORTEST_BOX or not header.startswith(b"RIFF"):
            break
        length = int.from_bytes(header[4:8], "little")
        at += 8 + length + length % 2
        if at - length % 2 > size:
            raise truncated()
    return min(at, size)


def _boxes(read: Read, size: int, _tail: bytes) -> int:
    at = 0
    for _ in range(_BOXES):
        header = read(at, 16)
        if len(header) < _SHORTEST_BOX:
            break
        length = int.from_bytes(header[:4])
        if length == 1:
            length = int.from_bytes(header[8:16])
        if length == 0:
            return size
        if length < _SHORTEST_BOX or not header[4:8].isascii():
            break
        at += length
        if at > size:
            raise truncated()
    return at


_ENDS: dict[MediaFormat, Callable[[Read, int, bytes], int]] = {
    MediaFormat.PNG: _after(_END_OF_PNG),
    MediaFormat.JPEG: _after(_END_OF_JPEG),
    MediaFormat.GIF: _gif,
    MediaFormat.WEBP: _riff,
    MediaFormat.AVI: _riff,
    MediaFormat.AVIF: _boxes,
    MediaFormat.HEIC: _boxes,
    MediaFormat.MP4: _boxes,
    MediaFormat.MOV: _boxes,
    MediaFormat.PDF: _after(b"%%EOF"),
}
