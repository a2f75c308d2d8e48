"""Bodies of calls that are not JSON: forms, and files that are never in memory as a whole."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractStreamWriter

_PIECE = 256 * 1024

Body = aiohttp.FormData | aiohttp.Payload | Mapping[str, str] | bytes | None


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file to be streamed; `pieces` yields all of it, in pieces of the length it is given."""

    name: str
    mime_type: str
    size: int
    pieces: Callable[[int], AsyncIterator[bytes]]


def body_of(
    form: Mapping[str, str] | None,
    content: bytes | Upload | None,
    files: Mapping[str, Upload] | None,
) -> Body:
    """Of several parts where there are files, with `form` as the other fields."""
    if files:
        parts = aiohttp.FormData(dict(form or {}), default_to_multipart=True)
        for field, file in files.items():
            parts.add_field(field, _Streamed(file), filename=file.name, content_type=file.mime_type)
        return parts
    if isinstance(content, Upload):
        return _Streamed(content)
    return form if content is None else content


class _Streamed(aiohttp.Payload):
    """Its length is told before it is read, for there are networks that take nothing in chunks."""

    def __init__(self, file: Upload) -> None:
        super().__init__(file, content_type=file.mime_type)
        self._size = file.size
        self._pieces = file.pieces

    async def write(self, writer: AbstractStreamWriter) -> None:
        async for piece in self._pieces(_PIECE):
            await writer.write(piece)

    def decode(self, *_: str, **__: str) -> str:
        raise TypeError("what is streamed is never there as a whole")
