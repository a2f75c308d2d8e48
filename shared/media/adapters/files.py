"""The files of assets in the object store."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import BinaryIO

from shared.infrastructure.storage import (
    Address,
    ObjectChanged,
    ObjectMissing,
    Storage,
    StoredObject,
    StoredPart,
    storage,
)
from shared.media.application.ports import FileChanged, FileGone, Lying
from shared.media.domain.asset import Asset
from shared.media.domain.storage_keys import (
    INCOMING,
    MADE,
    ORIGINALS,
    incoming_key,
    made_prefix,
    original_key,
)

PUT_FOR = timedelta(hours=1)
"""How long an address takes a file, or a part of one."""
_PIECE = 1024 * 1024


class StoredFiles:
    @cached_property
    def _storage(self) -> Storage:
        return storage()

    def put_address(self, asset: Asset) -> Address:
        return self._storage.put_address(
            _incoming(asset),
            mime_type=asset.mime_type,
            size=asset.size or 0,
            sha256=asset.sha256,
            lifetime=PUT_FOR,
        )

    def begin_parts(self, asset: Asset) -> str:
        return self._storage.begin_parts(_incoming(asset), mime_type=asset.mime_type)

    def part_address(self, asset: Asset, number: int, size: int) -> Address:
        assert asset.multipart_id is not None
        return self._storage.part_address(
            _incoming(asset), asset.multipart_id, number=number, size=size, lifetime=PUT_FOR
        )

    def parts(self, asset: Asset) -> Sequence[StoredPart]:
        try:
            return self._stored_parts(asset)
        except ObjectMissing:
            return []

    def join(self, asset: Asset) -> None:
        try:
            parts = self._stored_parts(asset)
            assert asset.multipart_id is not None
            self._storage.join_parts(_incoming(asset), asset.multipart_id, parts)
        except ObjectMissing:
            return

    def put(self, asset: Asset, content: BinaryIO) -> None:
        self._storage.put(_incoming(asset), content, mime_type=asset.mime_type)

    def arrived(self, asset: Asset) -> StoredObject | None:
        return self._storage.head(_incoming(asset))

    def is_kept(self, asset: Asset) -> bool:
        return self._storage.head(asset.storage_key) is not None

    def read(self, asset: Asset, start: int, length: int) -> bytes:
        with _translated():
            return self._storage.read(_incoming(asset), start, length)

    def pieces(self, asset: Asset) -> Iterator[bytes]:
        with _translated():
            yield from self._storage.pieces(_incoming(asset), _PIECE)

    def take_over(self, asset: Asset, etag: str) -> None:
        target = original_key(asset.organization_id, asset.id)
        with _translated():
            self._storage.copy(_incoming(asset), target, mime_type=asset.mime_type, etag=etag)

    def touch(self, asset: Asset) -> None:
        original = original_key(asset.organization_id, asset.id)
        with _translated():
            self._storage.copy(original, original, mime_type=asset.mime_type)

    def remove_incoming(self, asset: Asset) -> None:
        if asset.multipart_id is not None:
            self._storage.abort_parts(_incoming(asset), asset.multipart_id)
        self._storage.delete([_incoming(asset)])

    def remove_all(self, asset: Asset) -> None:
        self.remove_incoming(asset)
        made = made_prefix(asset.organization_id, asset.id)
        self._storage.delete(
            [
                original_key(asset.organization_id, asset.id),
                *(each.key for each in self._storage.listed(made)),
            ]
        )

    def _stored_parts(self, asset: Asset) -> Sequence[StoredPart]:
        assert asset.multipart_id is not None
        return self._storage.stored_parts(_incoming(asset), asset.multipart_id)


class StoredArea:
    """All of the store that is ours."""

    def lying(self) -> Iterator[Lying]:
        for prefix in (INCOMING, ORIGINALS, MADE):
            for found in storage().listed(prefix):
                yield Lying(key=found.key, modified_at=found.modified_at)

    def remove(self, keys: Collection[str]) -> None:
        storage().delete(keys)


def _incoming(asset: Asset) -> str:
    return incoming_key(asset.organization_id, asset.id)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ObjectMissing as error:
        raise FileGone from error
    except ObjectChanged as error:
        raise FileChanged from error
