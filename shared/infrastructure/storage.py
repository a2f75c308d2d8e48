"""The object store: an S3 bucket, or a folder of this machine; `STORAGE_URL` says which.

Files travel between people and the store directly, by addresses that are good for a while; nothing
that is large goes through a function, and nothing is ever in memory as a whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from string import ascii_letters, digits
from typing import BinaryIO, Protocol
from urllib.parse import quote, urlsplit

from shared.infrastructure.settings import InvalidSetting, Settings
from shared.kernel.errors import Unavailable

_PLAIN = frozenset(f"{ascii_letters}{digits} -_.()")


@dataclass(frozen=True, kw_only=True)
class StorageSettings(Settings):
    """`url` is ``s3://bucket``, or ``file:///folder?at=<the URL that it is served at>``.

    A bucket may have ``?region=…`` (default: the function's own) and ``?endpoint=…``, where it is
    not at AWS. Credentials are those of the environment.
    """

    url: str = field(repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in _SCHEMES or not (parts.netloc or parts.path.strip("/")):
            raise InvalidSetting("STORAGE_URL must be s3://bucket or file:///folder")


class ObjectMissing(Exception):
    """There is no such object, or no such upload in parts."""


class ObjectChanged(Exception):
    """It is not the object any more that it was taken to be."""


@dataclass(frozen=True, kw_only=True)
class StoredObject:
    """`size` in bytes; `etag` changes with the content."""

    key: str
    size: int
    mime_type: str
    etag: str
    modified_at: datetime


@dataclass(frozen=True, kw_only=True)
class StoredPart:
    """Numbers begin at 1."""

    number: int
    size: int
    etag: str


@dataclass(frozen=True, kw_only=True)
class Address:
    """A call anybody may make until it expires, if with these very headers."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str]
    expires_at: datetime


class Storage(Protocol):
    """Whatever it is told about an object that is not there raises `ObjectMissing`.

    Each call raises `Unavailable`, `STORAGE_UNAVAILABLE`, where the store cannot be reached.
    """

    def connect(self) -> None:
        """Make sure, within two seconds, that it is there and lets us in."""

    def put(self, key: str, content: BinaryIO, *, mime_type: str) -> None:
        """Store what is read from `content`, in parts where it is large."""

    def head(self, key: str) -> StoredObject | None: ...

    def read(self, key: str, start: int, length: int) -> bytes:
        """So many bytes from there; fewer only where it ends."""

    def pieces(self, key: str, length: int) -> Iterator[bytes]:
        """All of it, in pieces of `length` and a rest."""

    def copy(self, source: str, target: str, *, mime_type: str, etag: str | None = None) -> None:
        """Have the same content at another key; without a change to it since it had that `etag`.

        Raises:
            ObjectChanged: it has another.
        """

    def delete(self, keys: Iterable[str]) -> None:
        """Those that are there."""

    def listed(self, prefix: str) -> Iterator[StoredObject]:
        """What is below the prefix, in the order of the keys; MIME types are not told."""

    def put_address(
        self,
        key: str,
        *,
        mime_type: str,
        size: int,
        lifetime: timedelta,
        sha256: str | None = None,
    ) -> Address:
        """Where exactly so many bytes of that type, and with that digest (hexadecimal), may go."""

    def get_address(self, key: str, *, lifetime: timedelta, name: str | None = None) -> Address:
        """Where it can be had, whole or in ranges; with a `name` a browser saves it under that."""

    def begin_parts(self, key: str, *, mime_type: str) -> str:
        """Announce an object that comes in parts of 5 MiB or more; answers what it is called by."""

    def part_address(
        self, key: str, upload: str, *, number: int, size: int, lifetime: timedelta
    ) -> Address: ...

    def stored_parts(self, key: str, upload: str) -> Sequence[StoredPart]:
        """Those that have come, in order."""

    def join_parts(self, key: str, upload: str, parts: Sequence[StoredPart]) -> None:
        """Make them the object."""

    def abort_parts(self, key: str, upload: str) -> None:
        """Let go of what has come; nothing happens where there is no such upload."""


def saved_as(name: str) -> str:
    """What has a browser save a file under that name (RFC 6266)."""
    plain = "".join(each if each in _PLAIN else "_" for each in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def unavailable() -> Unavailable:
    """What every store raises where it cannot be reached."""
    return Unavailable("STORAGE_UNAVAILABLE", "The store of files cannot be reached")


def _s3(url: str) -> Storage:
    from shared.infrastructure.s3 import S3Storage

    return S3Storage(url)


def _folder(url: str) -> Storage:
    from shared.infrastructure.folder_storage import FolderStorage

    return FolderStorage(url)


_SCHEMES: dict[str, Callable[[str], Storage]] = {"s3": _s3, "file": _folder}


@cache
def storage_at(url: str) -> Storage:
    """The store of a URL; a client of a bucket is made when it is first talked to."""
    return _SCHEMES[urlsplit(url).scheme](url)


def storage() -> Storage:
    """The container's."""
    return storage_at(StorageSettings.read().url)
