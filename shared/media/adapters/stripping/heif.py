"""HEIC and AVIF without EXIF, XMP, films of the moment, and what follows their end.

Everything else is found by its place in the file, so what goes is written over, not taken out.
Source: ISO/IEC 14496-12, sections 8.11.3 and 8.11.6; ISO/IEC 23008-12, annex A.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from shared.media.adapters.stripping.boxes import Box, boxes
from shared.media.adapters.stripping.cursor import Cursor
from shared.media.domain.refusals import truncated, unreadable

_KEPT = {b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"styp", b"sidx", b"moof", b"mfra"}
_PERSONAL = {b"udta", b"meta", b"uuid"}
"""What tells of a film, or a track of it, rather than how it is shown."""
_EMPTY_EXIF = b"\0\0\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"
_IN_FILE, _IN_META = 0, 1
_LARGE_IDS = 2
"""The version of `iloc` from which on items have ids of 32 bits; of `infe`, one earlier than."""


def strip_heif(content: bytes) -> bytes:
    """The same picture or pictures, their compressed data untouched, as long as before at most.

    Raises:
        MediaRefused: `MEDIA_TRUNCATED`, `MEDIA_UNREADABLE`.
    """
    written = bytearray(content)
    file = BytesIO(content)
    end = 0
    for box in boxes(file, 0, len(content)):
        if box.name not in _KEPT:
            _blank(written, box)
            continue
        end = box.end
        if box.name == b"meta":
            for start, stop in _metadata(file, content, box):
                written[start:stop] = _EMPTY_EXIF[: stop - start].ljust(stop - start, b"\0")
        elif box.name == b"moov":
            _blank_personal(file, written, box)
    return bytes(written[:end])


def _blank(written: bytearray, box: Box) -> None:
    written[box.start + 4 : box.start + 8] = b"free"
    written[box.body : box.end] = bytes(box.end - box.body)


def _blank_personal(file: BytesIO, written: bytearray, parent: Box) -> None:
    for box in boxes(file, parent.body, parent.end):
        if box.name in _PERSONAL:
            _blank(written, box)
        elif box.name == b"trak":
            _blank_personal(file, written, box)


@dataclass(frozen=True, kw_only=True)
class _Item:
    id: int
    is_metadata: bool


def _metadata(file: BytesIO, content: bytes, meta: Box) -> Iterator[tuple[int, int]]:
    """Where in the file EXIF and XMP lie."""
    parts = {box.name: box for box in boxes(file, meta.body + 4, meta.end)}
    if b"iinf" not in parts or b"iloc" not in parts:
        return
    personal = {item.id for item in _items(file, content, parts[b"iinf"]) if item.is_metadata}
    in_meta = parts[b"idat"].body if b"idat" in parts else None
    location = parts[b"iloc"]
    for item_id, way, start, stop in _places(content[location.body : location.end]):
        if item_id not in personal or start == stop:
            continue
        origin = {_IN_FILE: 0, _IN_META: in_meta}.get(way)
        if origin is None:
            raise unreadable()
        if origin + stop > len(content):
            raise truncated()
        yield origin + start, origin + stop


def _items(file: BytesIO, content: bytes, iinf: Box) -> Iterator[_Item]:
    version = Cursor(content[iinf.body : iinf.end]).number(4) >> 24
    count = 4 if version else 2
    for box in boxes(file, iinf.body + 4 + count, iinf.end):
        cursor = Cursor(content[box.body : box.end])
        version = cursor.number(4) >> 24
        item_id = cursor.number(4 if version > _LARGE_IDS else 2)
        cursor.take(2)
        kind = bytes(cursor.take(4)) if version >= _LARGE_IDS else b""
        yield _Item(id=item_id, is_metadata=kind in {b"Exif", b"mime", b"uri "})


def _places(iloc: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Of each part of each item: whose it is, what its place is counted from, start and stop."""
    cursor = Cursor(iloc)
    version = cursor.number(4) >> 24
    sizes = cursor.number(2)
    offset, length, base, index = ((sizes >> shift) & 15 for shift in (12, 8, 4, 0))
    wide = 4 if version == _LARGE_IDS else 2
    for _ in range(cursor.number(wide)):
        item_id = cursor.number(wide)
        way = cursor.number(2) & 15 if version else _IN_FILE
        cursor.take(2)
        origin = cursor.number(base)
        for _ in range(cursor.number(2)):
            cursor.take(index if version else 0)
            start = origin + cursor.number(offset)
            yield item_id, way, start, start + cursor.number(length)
