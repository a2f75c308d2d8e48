"""Whether a store is there is known soon, also where it is not."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from shared.infrastructure.storage import storage_at
from shared.kernel.errors import Unavailable
from tests import stores

SOON = 2.5


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")


@pytest.fixture
def silent() -> Iterator[str]:
    """What takes a connection and then says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def is_away(url: str) -> bool:
    began = time.monotonic()
    with pytest.raises(Unavailable) as refused:
        storage_at(url).connect()
    return refused.value.code == "STORAGE_UNAVAILABLE" and time.monotonic() - began < SOON


def test_a_bucket_that_is_there() -> None:
    with stores.bucket() as url:
        storage_at(url).connect()
        assert is_away(url.replace(stores.BUCKET, "another"))
    assert is_away(url)


def test_a_bucket_that_takes_its_time(silent: str) -> None:
    assert is_away(f"s3://media?endpoint={quote(silent, safe='')}")


def test_a_folder(tmp_path: Path) -> None:
    place = tmp_path / "files"
    with stores.folder(place) as url:
        storage_at(url).connect()
        (place / "secret").unlink(missing_ok=True)
        place.rmdir()
        assert is_away(url)
        place.touch()
        assert is_away(url)
