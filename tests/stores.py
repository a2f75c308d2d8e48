"""Stores to test against: a bucket of moto's server, and a folder behind its own door."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import boto3
import pytest
from moto.server import ThreadedMotoServer

from runner.http_server import reserve, serve
from runner.stored_files import STORED_FILES, StoredFiles
from shared.infrastructure.folder_storage import FolderStorage
from shared.infrastructure.storage import Address, Storage
from tests.api import ApiAnswer

BUCKET = "media"


@contextmanager
def bucket(*, port: int = 0) -> Iterator[str]:
    """A bucket that speaks S3 on loopback, on a free port or a given one; its `STORAGE_URL`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        client = boto3.client("s3", region_name="us-east-1", endpoint_url=endpoint)
        client.create_bucket(Bucket=BUCKET)
        client.close()
        try:
            yield f"s3://{BUCKET}?endpoint={quote(endpoint, safe='')}"
        finally:
            server.stop()


@contextmanager
def folder(place: Path) -> Iterator[str]:
    """A folder whose addresses are served on loopback; answers its `STORAGE_URL`."""
    place.mkdir(exist_ok=True)
    taken = reserve(0)
    at = f"http://127.0.0.1:{taken.getsockname()[1]}{STORED_FILES}"
    url = f"file://{quote(str(place))}?at={quote(at, safe='')}"
    with taken, serve(StoredFiles(FolderStorage(url)), [taken], patience=1):
        yield url


def call(
    address: Address,
    body: bytes | None = None,
    *,
    method: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> ApiAnswer:
    """Do what an address lets one do, or with other headers or another method try to."""
    sent = {"Content-Type": "application/octet-stream", **address.headers, **(headers or {})}
    request = Request(address.url, body, sent, method=method or address.method)
    try:
        with urlopen(request, timeout=10) as answer:
            return ApiAnswer(
                status=answer.status, headers=_lower(answer.headers), content=answer.read()
            )
    except HTTPError as error:
        with error:
            return ApiAnswer(status=error.code, headers=_lower(error.headers), content=error.read())


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def kept(store: Storage, key: str, content: bytes = b"0123456789") -> str:
    """Put it there; answers its tag."""
    store.put(key, io.BytesIO(content), mime_type="image/png")
    found = store.head(key)
    assert found is not None
    return found.etag
