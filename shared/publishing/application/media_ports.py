"""Files as publishing needs them: what is shown where, and what there is of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from shared.kernel.ids import OrganizationId


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A file to be shown; `fit` is what becomes of a shape that its network does not take.

    `alt_text` goes before the file's own; `cover_media_id` is the picture before a film.
    """

    media_id: UUID
    alt_text: str | None
    cover_media_id: UUID | None
    fit: str


@dataclass(frozen=True, kw_only=True)
class Showing:
    """What is shown where; `replies` with what replies to another, `limits` are the account's."""

    organization_id: OrganizationId
    channel: str
    settings: Mapping[str, Any]
    limits: Mapping[str, int]
    replies: bool
    items: Sequence[Item]


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """A file as its network takes it: where it lies, `size` in bytes, the rest as it is seen.

    One that is not there has no `storage_key`, and only its `alt_text` means anything.
    """

    alt_text: str
    storage_key: str | None = None
    kind: str = "image"
    name: str = ""
    mime_type: str = "application/octet-stream"
    size: int = 0
    width: int | None = None
    height: int | None = None
    duration: timedelta | None = None
    cover: "Enclosure | None" = None


@dataclass(frozen=True, kw_only=True)
class Enclosed:
    """All is there."""

    enclosures: Sequence[Enclosure]


@dataclass(frozen=True, kw_only=True)
class NotYet:
    """Some of it is being made."""

    enclosures: Sequence[Enclosure]


@dataclass(frozen=True, kw_only=True)
class Unfit:
    """Some of it will never be; `code` and `words` say why."""

    enclosures: Sequence[Enclosure]
    code: str
    words: str


class Media(Protocol):
    def want(self, showings: Sequence[Showing], *, at: datetime) -> None:
        """Have it made ready, ahead of its time."""

    def enclosures(
        self, showings: Mapping[UUID, Showing], *, at: datetime
    ) -> Mapping[UUID, Enclosed | NotYet | Unfit]:
        """What there is of each, by the same keys; what nobody has asked for is wanted."""
