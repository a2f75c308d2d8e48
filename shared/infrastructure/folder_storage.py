"""A folder of this machine in the place of a bucket, for who runs Luxaris without one.

Below `objects` lie the contents, below `types` their MIME types, below `parts` what has come of
uploads in parts, below `news` what has been stored and nobody has been told of. What is written is
written elsewhere and then renamed: a crash leaves the old or the new. Addresses are signed with a
secret of the folder; whoever serves them asks `FolderAddresses.granted`.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qs, unquote, urlsplit

from shared.infrastructure.folder_addresses import FolderAddresses
from shared.infrastructure.storage import (
    Address,
    ObjectChanged,
    ObjectMissing,
    StoredObject,
    StoredPart,
    unavailable,
)
from shared.kernel.clock import utc_now
from shared.kernel.ids import new_id

_PIECE = 1024 * 1024
_STRANGE = {"", ".", ".."}


@dataclass(frozen=True, kw_only=True)
class News:
    """An object that has come by ``Put``, ``Copy`` or ``CompleteMultipartUpload``."""

    id: str
    name: str
    key: str
    size: int
    etag: str
    at: str


class FolderStorage:
    """`url` is ``file:///folder?at=<the URL that it is served at>``."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._folder = Path(unquote(parts.path))
        self._served_at = parse_qs(parts.query).get("at", [""])[0].rstrip("/")

    @cached_property
    def addresses(self) -> FolderAddresses:
        return FolderAddresses(self._folder / "secret", self._served_at)

    def connect(self) -> None:
        if not os.access(self._folder, os.R_OK | os.W_OK | os.X_OK):
            raise unavailable()

    def put(self, key: str, content: BinaryIO, *, mime_type: str) -> None:
        with self.writing() as (path, file):
            while piece := content.read(_PIECE):
                file.write(piece)
            file.flush()
            self.keep(path, key, mime_type=mime_type)

    def head(self, key: str) -> StoredObject | None:
        try:
            return self._stored(key)
        except FileNotFoundError:
            return None

    def read(self, key: str, start: int, length: int) -> bytes:
        with self._opened(key) as file:
            file.seek(start)
            return file.read(length)

    def pieces(self, key: str, length: int) -> Iterator[bytes]:
        with self._opened(key) as file:
            while piece := file.read(length):
                yield piece

    def copy(self, source: str, target: str, *, mime_type: str, etag: str | None = None) -> None:
        with self._opened(source) as content, self.writing() as (path, file):
            if etag is not None and etag != _etag(os.fstat(content.fileno())):
                raise ObjectChanged
            shutil.copyfileobj(content, file, _PIECE)
            file.flush()
            self.keep(path, target, mime_type=mime_type, event="Copy")

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.path_of(key).unlink(missing_ok=True)
            self._type_of(key).unlink(missing_ok=True)

    def listed(self, prefix: str) -> Iterator[StoredObject]:
        objects = self._folder / "objects"
        within = objects / prefix.rpartition("/")[0]
        found = (path for path in within.rglob("*") if path.is_file())
        keys = sorted(path.relative_to(objects).as_posix() for path in found)
        for key in keys:
            if key.startswith(prefix) and (stored := self.head(key)) is not None:
                yield stored

    def put_address(
        self,
        key: str,
        *,
        mime_type: str,
        size: int,
        lifetime: timedelta,
        sha256: str | None = None,
    ) -> Address:
        return self.addresses.of_put(
            key, mime_type=mime_type, size=size, sha256=sha256, expires_at=utc_now() + lifetime
        )

    def get_address(self, key: str, *, lifetime: timedelta, name: str | None = None) -> Address:
        return self.addresses.of_get(key, name=name, expires_at=utc_now() + lifetime)

    def begin_parts(self, key: str, *, mime_type: str) -> str:
        upload = new_id().hex
        folder = self._folder / "parts" / upload
        folder.mkdir(parents=True)
        (folder / "about").write_text(json.dumps([key, mime_type]))
        return upload

    def part_address(
        self, key: str, upload: str, *, number: int, size: int, lifetime: timedelta
    ) -> Address:
        return self.addresses.of_part(
            key, upload, number=number, size=size, expires_at=utc_now() + lifetime
        )

    def stored_parts(self, key: str, upload: str) -> Sequence[StoredPart]:
        folder, _ = self._parts(key, upload)
        numbered = {int(path.name): path.stat() for path in folder.iterdir() if path.name.isdigit()}
        return [
            StoredPart(number=number, size=numbered[number].st_size, etag=_etag(numbered[number]))
            for number in sorted(numbered)
        ]

    def join_parts(self, key: str, upload: str, parts: Sequence[StoredPart]) -> None:
        folder, mime_type = self._parts(key, upload)
        known = {part.number: part for part in self.stored_parts(key, upload)}
        if any(known.get(part.number) != part for part in parts):
            raise ObjectMissing
        with self.writing() as (path, file):
            for part in parts:
                with (folder / str(part.number)).open("rb") as content:
                    shutil.copyfileobj(content, file, _PIECE)
            file.flush()
            self.keep(path, key, mime_type=mime_type, event="CompleteMultipartUpload")
        shutil.rmtree(folder)

    def abort_parts(self, key: str, upload: str) -> None:
        with suppress(ObjectMissing):
            folder, _ = self._parts(key, upload)
            shutil.rmtree(folder)

    @contextmanager
    def writing(self) -> Iterator[tuple[Path, BinaryIO]]:
        """A new file that is gone at the end, unless it has been kept."""
        written = self._folder / "written"
        written.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=written)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield Path(name), file
        finally:
            Path(name).unlink(missing_ok=True)

    def keep(self, written: Path, key: str, *, mime_type: str, event: str = "Put") -> str:
        """Make a file that was written the content of an object; answers its etag."""
        path, type_of_it = self.path_of(key), self._type_of(key)
        for each in (path, type_of_it):
            each.parent.mkdir(parents=True, exist_ok=True)
        with self.writing() as (beside, file):
            file.write(mime_type.encode())
            file.flush()
            beside.rename(type_of_it)
        written.rename(path)
        stored = self._stored(key)
        self._tell(stored, event)
        return stored.etag

    def keep_part(self, written: Path, key: str, upload: str, number: int) -> str:
        """The same for a part of one."""
        folder, _ = self._parts(key, upload)
        written.rename(folder / str(number))
        return _etag((folder / str(number)).stat())

    def news(self) -> list[News]:
        """What has been stored and is not told of yet, the oldest first."""
        waiting: list[News] = []
        for path in sorted((self._folder / "news").glob("*.json")):
            with suppress(FileNotFoundError):  # it is forgotten as we look
                waiting.append(News(**json.loads(path.read_text()), id=path.stem))
        return waiting

    def forget(self, news: News) -> None:
        """Whoever had to be told of it was."""
        (self._folder / "news" / f"{news.id}.json").unlink(missing_ok=True)

    def path_of(self, key: str) -> Path:
        """Where its content is, if it is there."""
        return self._folder / "objects" / _safe(key)

    def _type_of(self, key: str) -> Path:
        return self._folder / "types" / _safe(key)

    def _stored(self, key: str) -> StoredObject:
        found = self.path_of(key).stat()
        return StoredObject(
            key=key,
            size=found.st_size,
            mime_type=self._type_of(key).read_text(),
            etag=_etag(found),
            modified_at=datetime.fromtimestamp(found.st_mtime, UTC),
        )

    @contextmanager
    def _opened(self, key: str) -> Iterator[BinaryIO]:
        try:
            with self.path_of(key).open("rb") as file:
                yield file
        except FileNotFoundError as error:
            raise ObjectMissing from error

    def _parts(self, key: str, upload: str) -> tuple[Path, str]:
        folder = self._folder / "parts" / _safe(upload)
        try:
            whose, mime_type = json.loads((folder / "about").read_text())
        except FileNotFoundError as error:
            raise ObjectMissing from error
        if whose != key:
            raise ObjectMissing
        return folder, mime_type

    def _tell(self, stored: StoredObject, event: str) -> None:
        folder = self._folder / "news"
        folder.mkdir(exist_ok=True)
        told = {
            "name": event,
            "key": stored.key,
            "size": stored.size,
            "etag": stored.etag,
            "at": stored.modified_at.isoformat(),
        }
        with self.writing() as (path, file):
            file.write(json.dumps(told).encode())
            file.flush()
            path.rename(folder / f"{new_id()}.json")


def _safe(key: str) -> str:
    if not _STRANGE.isdisjoint(key.split("/")) or "\0" in key:
        raise ObjectMissing
    return key


def _etag(found: os.stat_result) -> str:
    return f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
