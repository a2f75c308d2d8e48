"""Files of a publication as their network is handed them: read from the store, or fetched there."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from shared.channels.api import delivery as channels
from shared.infrastructure.storage import ObjectMissing, storage
from shared.infrastructure.stored_content import (
    Contents,
    FolderContent,
    StoredContent,
    stored_contents,
)
from shared.publishing.application.media_ports import Enclosure

FETCHABLE_FOR = timedelta(hours=3)
"""Longer than networks take to fetch what they were given the address of."""


class Attaching:
    """The store is opened for the first file, and stays open as long as `stack`."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._contents: Contents | None = None

    async def attached(self, enclosures: Sequence[Enclosure]) -> tuple[channels.Attachment, ...]:
        return tuple([await self._attached(each) for each in enclosures])

    async def _attached(self, enclosure: Enclosure) -> channels.Attachment:
        content: channels.Content = _Gone()
        url = ""
        if enclosure.storage_key is not None:
            if self._contents is None:
                self._contents = await self._stack.enter_async_context(stored_contents())
            content = _Readable(self._contents(enclosure.storage_key, _Missing))
            url = storage().get_address(enclosure.storage_key, lifetime=FETCHABLE_FOR).url
        return channels.Attachment(
            kind=channels.MediaKind(enclosure.kind),
            mime_type=enclosure.mime_type,
            size=enclosure.size,
            name=enclosure.name,
            content=content,
            url=url,
            alt_text=enclosure.alt_text,
            width=enclosure.width,
            height=enclosure.height,
            duration=enclosure.duration,
            cover=None if enclosure.cover is None else await self._attached(enclosure.cover),
        )


class _Missing(Exception):
    """Its cause tells whether the store was asked in vain, or has no such file."""


@dataclass(frozen=True)
class _Readable:
    content: StoredContent | FolderContent

    async def read(self, start: int, length: int) -> bytes:
        with _refusing():
            return await self.content.read(start, length)

    async def pieces(self, length: int) -> AsyncIterator[bytes]:
        with _refusing():
            async for piece in self.content.pieces(length):
                yield piece


class _Gone:
    """Of what could not be made ready, for posts that are only looked for."""

    async def read(self, start: int, length: int) -> bytes:  # noqa: ARG002
        raise _refusal(channels.ErrorClass.MEDIA)

    async def pieces(self, length: int) -> AsyncIterator[bytes]:  # noqa: ARG002
        raise _refusal(channels.ErrorClass.MEDIA)
        yield b""


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except _Missing as error:
        is_gone = error.__cause__ is None or isinstance(error.__cause__, ObjectMissing)
        error_class = channels.ErrorClass.MEDIA if is_gone else channels.ErrorClass.PLATFORM
        raise _refusal(error_class) from error


def _refusal(error_class: channels.ErrorClass) -> channels.Refused:
    return channels.Refused(
        error_class, "MEDIA_UNAVAILABLE", "The file cannot be had from the store"
    )
