"""Attachments for previews: as they would be, but for what is in them."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from shared.channels.domain.media import Attachment, MediaKind
from shared.channels.domain.media_fitness import Shown


class PreviewedFile(Shown, Protocol):
    """`width` and `height` in pixels."""

    @property
    def name(self) -> str: ...

    @property
    def width(self) -> int | None: ...

    @property
    def height(self) -> int | None: ...


class PreviewedPart(Protocol):
    """A post, or what follows it in its thread."""

    @property
    def text(self) -> str: ...

    @property
    def shown(self) -> Sequence[PreviewedFile]: ...


class _Unread:
    """Nobody reads a file to say how it would be sent."""

    async def read(self, start: int, length: int) -> bytes:
        raise NotImplementedError

    def pieces(self, length: int) -> AsyncIterator[bytes]:
        raise NotImplementedError


def previewed(file: PreviewedFile, number: int) -> Attachment:
    """The file of that number; where it can be fetched is named in angle brackets."""
    return Attachment(
        kind=MediaKind(file.kind),
        mime_type=file.mime_type,
        size=file.size or 0,
        name=file.name,
        content=_Unread(),
        url=f"<file {number}>",
        alt_text=file.alt_text,
        width=file.width,
        height=file.height,
        duration=file.duration,
    )
