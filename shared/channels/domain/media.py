"""Pictures, films and documents of a publication: what a network takes, and what it is handed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

UPLOADING = timedelta(seconds=30)
"""How long one attempt uploads at most; what is left then goes on after a `Pending`."""


class MediaKind(StrEnum):
    """An animation is a picture that moves (GIF); networks treat it as neither."""

    IMAGE = "image"
    ANIMATION = "animation"
    VIDEO = "video"
    DOCUMENT = "document"


class Content(Protocol):
    """The bytes of a file in the store, read a piece at a time: it never is in memory as a whole.

    Both raise `Refused`, `MEDIA_UNAVAILABLE`: class media where the file is gone, class platform
    where the store does not give it now.
    """

    async def read(self, start: int, length: int) -> bytes:
        """Exactly `length` bytes from `start`; fewer only where the file ends."""

    def pieces(self, length: int) -> AsyncIterator[bytes]:
        """All of it, in pieces of `length` bytes and a rest."""


class File(Protocol):
    """What is sent as part of a body, or as the whole of one; `size` in bytes."""

    @property
    def name(self) -> str: ...

    @property
    def mime_type(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def content(self) -> Content: ...


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """One file of a publication, already as its network takes it.

    `size` in bytes, `width` and `height` in pixels. `url` is where the network itself can fetch the
    file for at least an hour, without credentials. `cover` is the picture that stands for a film.
    """

    kind: MediaKind
    mime_type: str
    size: int
    name: str
    content: Content
    url: str
    alt_text: str = ""
    width: int | None = None
    height: int | None = None
    duration: timedelta | None = None
    cover: "Attachment | None" = None


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Bounds of what is seen: pixels of either side, and width divided by height."""

    min_width: int = 1
    min_height: int = 1
    max_width: int | None = None
    max_height: int | None = None
    min_ratio: Fraction | None = None
    max_ratio: Fraction | None = None


@dataclass(frozen=True, kw_only=True)
class ImageRules:
    """`formats` are MIME types, the first of them what anything else is converted to."""

    formats: tuple[str, ...] = ("image/jpeg", "image/png")
    max_bytes: int
    shape: Shape = Shape()


@dataclass(frozen=True, kw_only=True)
class VideoRules:
    """Films are H.264 and AAC in MP4 unless the network takes the file as it is."""

    formats: tuple[str, ...] = ("video/mp4",)
    max_bytes: int
    shape: Shape = Shape()
    min_duration: timedelta = timedelta(0)
    max_duration: timedelta
    min_fps: int = 1
    max_fps: int = 60


@dataclass(frozen=True, kw_only=True)
class DocumentRules:
    """`max_pages` is nothing where the network counts none."""

    formats: tuple[str, ...] = ("application/pdf",)
    max_bytes: int
    max_pages: int | None = None


@dataclass(frozen=True, kw_only=True)
class MediaRules:
    """What one publication may carry; a kind without rules is not taken.

    `max_items` bounds all kinds together, `max_images` and so on each one. Kinds that are not
    `mixed` exclude each other. An animation without rules of its own goes as a picture that stands
    still where `images` has rules. `alt_text_length` is 0 where the network has no alt text; kinds
    in `without_alt_text` have none all the same. `one_size`: pictures are as wide and as high as
    each other.
    """

    images: ImageRules | None = None
    animations: ImageRules | None = None
    videos: VideoRules | None = None
    documents: DocumentRules | None = None
    max_images: int = 0
    max_animations: int = 0
    max_videos: int = 0
    max_documents: int = 0
    min_items: int = 0
    max_items: int = 0
    mixed: bool = False
    one_size: bool = False
    alt_text_length: int = 0
    without_alt_text: tuple[MediaKind, ...] = ()


NO_MEDIA = MediaRules()
"""Of a network, or a kind of publication there, that carries words alone."""
