"""Reading stored files where many are read at once: asynchronous, in pieces, without a client.

A bucket is read by addresses that are signed for it, so that whoever only reads needs no boto3.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus

from shared.infrastructure.folder_storage import FolderStorage
from shared.infrastructure.http_client import HttpClient, NoAnswer, NotSent, http_client
from shared.infrastructure.storage import ObjectMissing, Storage, storage

_SIGNED_FOR = timedelta(hours=1)

Missing = Callable[[], Exception]
"""Makes what is raised where a file is gone; where it cannot be had, from what was in the way."""


class StoredContent:
    """A file of a bucket."""

    def __init__(self, http: HttpClient, store: Storage, key: str, missing: Missing) -> None:
        self._http = http
        self._store = store
        self._key = key
        self._missing = missing

    async def read(self, start: int, length: int) -> bytes:
        """Exactly `length` bytes from `start`; fewer only where the file ends."""
        if not length:
            return b""
        told = {"Range": f"bytes={start}-{start + length - 1}"}
        return b"".join([piece async for piece in self._got(told, length)])

    def pieces(self, length: int) -> AsyncIterator[bytes]:
        """All of it, in pieces of `length` bytes and a rest."""
        return _of_length(self._got({}, length), length)

    async def _got(self, headers: dict[str, str], length: int) -> AsyncIterator[bytes]:
        url = self._store.get_address(self._key, lifetime=_SIGNED_FOR).url
        asked = {"Accept-Encoding": "identity", **headers}
        try:
            async with self._http.stream(url, headers=asked) as answer:
                if answer.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                    return
                _demand_answer(answer.status)
                if answer.status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
                    raise self._missing()
                async for piece in answer.pieces(length):
                    yield piece
        except (NotSent, NoAnswer) as error:
            raise self._missing() from error


def _demand_answer(status: int) -> None:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise NoAnswer(f"HTTP {status}")


class FolderContent:
    """A file of a folder."""

    def __init__(self, store: FolderStorage, key: str, missing: Missing) -> None:
        self._store = store
        self._key = key
        self._missing = missing

    async def read(self, start: int, length: int) -> bytes:
        """Exactly `length` bytes from `start`; fewer only where the file ends."""
        try:
            return await asyncio.to_thread(self._store.read, self._key, start, length)
        except ObjectMissing as error:
            raise self._missing() from error

    async def pieces(self, length: int) -> AsyncIterator[bytes]:
        """All of it, in pieces of `length` bytes and a rest."""
        start = 0
        while piece := await self.read(start, length):
            yield piece
            start += len(piece)
            if len(piece) < length:
                return


Contents = Callable[[str, Missing], StoredContent | FolderContent]
"""The content of a key."""


@asynccontextmanager
async def stored_contents() -> AsyncIterator[Contents]:
    """How the files of our store are read, for as long as the block."""
    store = storage()
    if isinstance(store, FolderStorage):
        yield lambda key, missing: FolderContent(store, key, missing)
        return
    async with http_client(to_ours=True) as http:
        yield lambda key, missing: StoredContent(http, store, key, missing)


async def _of_length(arriving: AsyncIterator[bytes], length: int) -> AsyncIterator[bytes]:
    """Pieces as they come from a network, put together to pieces of one length."""
    kept = bytearray()
    async for piece in arriving:
        kept += piece
        while len(kept) >= length:
            yield bytes(kept[:length])
            del kept[:length]
    if kept:
        yield bytes(kept)
