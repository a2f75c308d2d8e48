"""The addresses of a folder store, served: what S3 does with those that we sign for it."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator, Iterable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from runner.front_door import Headers, Receive, Send
from shared.infrastructure.folder_addresses import Granted, NotGranted
from shared.infrastructure.folder_storage import FolderStorage
from shared.infrastructure.storage import ObjectMissing, Storage, StoredObject
from shared.kernel.clock import utc_now

STORED_FILES = "/dev/storage"

_PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_STATUS = {
    "AccessDenied": 403,
    "SignatureDoesNotMatch": 403,
    "NoSuchKey": 404,
    "NoSuchUpload": 404,
    "MissingContentLength": 411,
    "IncompleteBody": 400,
    "BadDigest": 400,
    "InvalidRange": 416,
    "MethodNotAllowed": 405,
}


def with_stored_files(app: ASGIApp, storage: Storage, origins: Iterable[str]) -> ASGIApp:
    """The application, and where the store is a folder, its files; pages of `origins` may ask."""
    if not isinstance(storage, FolderStorage):
        return app
    return _Beside(app, _shared(StoredFiles(storage), origins))


def _shared(files: ASGIApp, origins: Iterable[str]) -> ASGIApp:
    """As the bucket's `CorsConfiguration` in the template has it."""
    return CORSMiddleware(
        files,
        allow_origins=list(origins),
        allow_methods=["GET", "PUT"],
        allow_headers=["*"],
        expose_headers=["ETag"],
    )


@dataclass(frozen=True)
class _Beside:
    app: ASGIApp
    files: ASGIApp

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        is_file = scope["path"].startswith(f"{STORED_FILES}/")
        await (self.files if is_file else self.app)(scope, receive, send)


class _Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Body:
    """What is sent with a request, as far as it has not been read yet."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_over = False

    async def pieces(self) -> AsyncIterator[bytes]:
        while not self._is_over:
            message = await self._receive()
            self._is_over = not message.get("more_body", False)
            if message["type"] == "http.disconnect":
                raise _Refused("IncompleteBody")
            yield message.get("body", b"")


class StoredFiles:
    """An ASGI application; files go through it in pieces."""

    def __init__(self, storage: FolderStorage) -> None:
        self._storage = storage

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        body = _Body(receive)
        try:
            await self._serve(scope, headers, body, send)
        except (NotGranted, _Refused) as refused:
            await _refuse(refused.code, body, send)

    async def _serve(
        self,
        scope: Mapping[str, Any],
        headers: Mapping[str, str],
        body: "_Body",
        send: Send,
    ) -> None:
        method = scope["method"]
        key = unquote(scope["raw_path"].decode("ascii")).removeprefix(f"{STORED_FILES}/")
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        granted = self._storage.addresses.granted(method, key, query, headers, now=utc_now())
        if method == "GET":
            await self._give(granted, headers, send)
        else:
            await self._take(granted, headers, body, send)

    async def _take(
        self, granted: Granted, headers: Mapping[str, str], body: "_Body", send: Send
    ) -> None:
        if not headers.get("content-length", "").isdecimal():
            raise _Refused("MissingContentLength")
        digest, size = hashlib.sha256(), 0
        with self._storage.writing() as (path, file):
            async for piece in body.pieces():
                digest.update(piece)
                size += len(piece)
                file.write(piece)
            file.flush()
            if size != granted.size:
                raise _Refused("IncompleteBody")
            if granted.sha256 not in {None, base64.b64encode(digest.digest()).decode()}:
                raise _Refused("BadDigest")
            if granted.upload is None or granted.part is None:
                mime_type = granted.mime_type or "application/octet-stream"
                etag = self._storage.keep(path, granted.key, mime_type=mime_type)
            else:
                try:
                    etag = self._storage.keep_part(path, granted.key, granted.upload, granted.part)
                except ObjectMissing as error:
                    raise _Refused("NoSuchUpload") from error
        await _answer(send, 200, [("etag", etag)], b"")

    async def _give(self, granted: Granted, headers: Mapping[str, str], send: Send) -> None:
        found = self._storage.head(granted.key)
        if found is None:
            raise _Refused("NoSuchKey")
        start, end, status = _range(headers.get("range"), found)
        told = [
            ("content-type", found.mime_type),
            ("content-length", str(end - start)),
            ("etag", found.etag),
            ("accept-ranges", "bytes"),
        ]
        if granted.disposition is not None:
            told.append(("content-disposition", granted.disposition))
        if status == 206:  # noqa: PLR2004 a part of it
            told.append(("content-range", f"bytes {start}-{end - 1}/{found.size}"))
        await send({"type": "http.response.start", "status": status, "headers": _raw(told)})
        while start < end:
            piece = self._storage.read(granted.key, start, min(_PIECE, end - start))
            start += len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _range(told: str | None, found: StoredObject) -> tuple[int, int, int]:
    """Where to begin and to end, and the status; what is no range of bytes is passed over."""
    matched = _RANGE.fullmatch(told or "")
    if matched is None or matched.groups() == ("", ""):
        return 0, found.size, 200
    first, last = matched.groups()
    if not first:
        start, end = max(0, found.size - int(last)), found.size
    else:
        start, end = int(first), min(int(last) + 1 if last else found.size, found.size)
    if start >= end:
        raise _Refused("InvalidRange")
    return start, end, 206


async def _refuse(code: str, body: "_Body", send: Send) -> None:
    """The rest is read all the same, so that who sends it gets to the answer."""
    with suppress(_Refused):
        async for _ in body.pieces():
            pass
    words = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code></Error>'
    await _answer(send, _STATUS[code], [("content-type", "application/xml")], words.encode())


async def _answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    told = [*headers, ("content-length", str(len(body)))]
    await send({"type": "http.response.start", "status": status, "headers": _raw(told)})
    await send({"type": "http.response.body", "body": body})


def _raw(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
