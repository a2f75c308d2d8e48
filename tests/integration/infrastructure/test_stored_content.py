"""Reading stored files piece by piece, as a publisher does, from both stores."""

import asyncio
import io
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from shared.infrastructure.storage import storage
from shared.infrastructure.stored_content import stored_contents
from tests import stores

CONTENT = bytes(range(256)) * 1_000


class Gone(Exception):
    pass


@pytest.fixture(scope="module", params=["bucket", "folder"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ExitStack() as stack:
        place = tmp_path_factory.mktemp("store")
        opened = stores.bucket() if request.param == "bucket" else stores.folder(place)
        yield stack.enter_context(opened)


@pytest.fixture(autouse=True)
def kept(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORAGE_URL", url)
    monkeypatch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "false")
    storage().put("media/a", io.BytesIO(CONTENT), mime_type="video/mp4")


async def _read(start: int, length: int, key: str) -> bytes:
    async with stored_contents() as content_of:
        return await content_of(key, Gone).read(start, length)


async def _pieces(length: int, key: str) -> list[bytes]:
    async with stored_contents() as content_of:
        return [piece async for piece in content_of(key, Gone).pieces(length)]


@pytest.mark.parametrize(
    ("start", "length"), [(0, 10), (100_000, 70_000), (255_990, 99), (256_000, 5), (5, 0)]
)
def test_ranges(start: int, length: int) -> None:
    assert asyncio.run(_read(start, length, "media/a")) == CONTENT[start : start + length]


@pytest.mark.parametrize("length", [100_000, 256_000, 64_000, 1_000_000])
def test_pieces_are_of_one_length_but_for_the_rest(length: int) -> None:
    pieces = asyncio.run(_pieces(length, "media/a"))
    assert b"".join(pieces) == CONTENT
    assert {len(piece) for piece in pieces[:-1]} <= {length}


def test_what_is_gone_is_told_in_the_readers_words() -> None:
    with pytest.raises(Gone):
        asyncio.run(_read(0, 1, "media/b"))
    with pytest.raises(Gone):
        asyncio.run(_pieces(1, "media/b"))
