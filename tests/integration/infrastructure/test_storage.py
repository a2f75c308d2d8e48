"""One contract for both stores: a bucket that speaks S3, and a folder behind its own door."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from botocore.stub import Stubber

from shared.infrastructure.folder_storage import FolderStorage
from shared.infrastructure.s3 import S3Storage
from shared.infrastructure.settings import InvalidSetting
from shared.infrastructure.storage import (
    ObjectChanged,
    ObjectMissing,
    Storage,
    StorageSettings,
)
from shared.kernel.ids import new_id
from tests import stores

MINUTE = timedelta(minutes=1)
PART = 5 * 1024 * 1024


@pytest.fixture(scope="module", params=["bucket", "folder"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Storage]:
    with ExitStack() as stack:
        if request.param == "bucket":
            yield S3Storage(stack.enter_context(stores.bucket()))
        else:
            place = tmp_path_factory.mktemp("store") / "a folder"
            yield FolderStorage(stack.enter_context(stores.folder(place)))


@pytest.fixture
def key() -> str:
    return f"incoming/{new_id()}/ä b+c"


def test_what_is_put_is_there(store: Storage, key: str) -> None:
    etag = stores.kept(store, key)
    found = store.head(key)
    assert found is not None
    assert (found.key, found.size, found.mime_type) == (key, 10, "image/png")
    assert found.modified_at.tzinfo is not None
    assert b"".join(store.pieces(key, 3)) == b"0123456789"
    assert [len(piece) for piece in store.pieces(key, 4)] == [4, 4, 2]
    assert stores.kept(store, key, b"another") != etag


@pytest.mark.parametrize(
    ("start", "length", "found"),
    [
        (0, 4, b"0123"),
        (8, 4, b"89"),
        (10, 1, b""),
        (99, 1, b""),
        (3, 0, b""),
        (0, 99, b"0123456789"),
    ],
)
def test_ranges(store: Storage, key: str, start: int, length: int, found: bytes) -> None:
    stores.kept(store, key)
    assert store.read(key, start, length) == found


def test_nothing_of_what_is_not_there(store: Storage, key: str) -> None:
    assert store.head(key) is None
    with pytest.raises(ObjectMissing):
        store.read(key, 0, 1)
    with pytest.raises(ObjectMissing):
        list(store.pieces(key, 1))
    with pytest.raises(ObjectMissing):
        store.copy(key, f"{key}2", mime_type="image/png")
    store.delete([key])


def test_a_copy_has_the_content_and_a_type_of_its_own(store: Storage, key: str) -> None:
    etag = stores.kept(store, key)
    store.copy(key, f"{key}2", mime_type="image/gif", etag=etag)
    copied = store.head(f"{key}2")
    assert copied is not None
    assert (copied.size, copied.mime_type) == (10, "image/gif")
    assert store.read(f"{key}2", 0, 99) == b"0123456789"


class TestACopyIsOfTheContentThatWasLookedAt:
    def test_in_a_folder(self, tmp_path: Path) -> None:
        folder = FolderStorage(f"file://{tmp_path}")
        etag = stores.kept(folder, "a")
        stores.kept(folder, "a", b"9876543210")
        with pytest.raises(ObjectChanged):
            folder.copy("a", "b", mime_type="image/gif", etag=etag)
        assert folder.head("b") is None

    def test_in_a_bucket(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """moto passes the condition over, so that S3's part is played by hand."""
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "testing")
        store = S3Storage("s3://media")
        asked = {
            "Bucket": "media",
            "Key": "b",
            "CopySource": {"Bucket": "media", "Key": "a"},
            "ContentType": "image/gif",
            "MetadataDirective": "REPLACE",
            "CopySourceIfMatch": "an etag",
        }
        with Stubber(store._client) as stubber:
            stubber.add_client_error("copy_object", "PreconditionFailed", expected_params=asked)
            with pytest.raises(ObjectChanged):
                store.copy("a", "b", mime_type="image/gif", etag="an etag")


def test_a_copy_onto_itself_is_another_coming(store: Storage, key: str) -> None:
    stores.kept(store, key)
    store.copy(key, key, mime_type="image/png")
    assert store.read(key, 0, 99) == b"0123456789"


def test_what_is_deleted_is_gone_and_nothing_else(store: Storage, key: str) -> None:
    for each in (key, f"{key}2", f"{key}3"):
        stores.kept(store, each)
    store.delete([key, f"{key}3", f"{key}4"])
    assert store.head(key) is None
    assert store.head(f"{key}2") is not None
    assert [each.key for each in store.listed(key)] == [f"{key}2"]


def test_lists_are_in_order_and_below_their_prefix(store: Storage, key: str) -> None:
    place = f"media/{new_id()}"
    for name in ("b/1", "a/2", "a/10", "a-1"):
        stores.kept(store, f"{place}/{name}")
    assert [each.key.removeprefix(place) for each in store.listed(f"{place}/a/")] == [
        "/a/10",
        "/a/2",
    ]
    assert len(list(store.listed(f"{place}/"))) == 4
    assert list(store.listed(f"{place}/c/")) == []


def test_an_address_takes_a_file_and_another_gives_it(store: Storage, key: str) -> None:
    digest = hashlib.sha256(b"content").hexdigest()
    address = store.put_address(key, mime_type="image/png", size=7, sha256=digest, lifetime=MINUTE)
    assert address.method == "PUT"
    assert stores.call(address, b"content").status == 200
    found = store.head(key)
    assert found is not None
    assert (found.size, found.mime_type) == (7, "image/png")
    got = stores.call(store.get_address(key, lifetime=MINUTE, name='ä "tea".png'))
    assert (got.status, got.content) == (200, b"content")
    assert got.headers["content-disposition"] == (
        "attachment; filename=\"_ _tea_.png\"; filename*=UTF-8''%C3%A4%20%22tea%22.png"
    )


@pytest.mark.parametrize(
    ("told", "status", "found"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=8-", 206, b"89"),
        ("bytes=-3", 206, b"789"),
        ("bytes=5-99", 206, b"56789"),
    ],
)
def test_an_address_gives_ranges(
    store: Storage, key: str, told: str, status: int, found: bytes
) -> None:
    stores.kept(store, key)
    got = stores.call(store.get_address(key, lifetime=MINUTE), headers={"Range": told})
    assert (got.status, got.content) == (status, found)
    assert got.headers["content-range"].endswith("/10")


def test_no_range_beyond_the_end(store: Storage, key: str) -> None:
    stores.kept(store, key)
    got = stores.call(store.get_address(key, lifetime=MINUTE), headers={"Range": "bytes=10-"})
    assert got.status == 416


def test_nothing_is_given_of_what_is_gone(store: Storage, key: str) -> None:
    assert stores.call(store.get_address(key, lifetime=MINUTE)).status == 404


def test_a_file_comes_in_parts(store: Storage, key: str) -> None:
    upload = store.begin_parts(key, mime_type="video/mp4")
    assert store.stored_parts(key, upload) == []
    for number, piece in ((2, b"rest"), (1, b"a" * PART)):
        address = store.part_address(key, upload, number=number, size=len(piece), lifetime=MINUTE)
        assert stores.call(address, piece).status == 200
    parts = store.stored_parts(key, upload)
    assert [(part.number, part.size) for part in parts] == [(1, PART), (2, 4)]
    assert store.head(key) is None
    store.join_parts(key, upload, parts)
    found = store.head(key)
    assert found is not None
    assert (found.size, found.mime_type) == (PART + 4, "video/mp4")
    assert store.read(key, PART - 1, 9) == b"arest"
    with pytest.raises(ObjectMissing):
        store.stored_parts(key, upload)


def test_a_part_comes_again(store: Storage, key: str) -> None:
    upload = store.begin_parts(key, mime_type="video/mp4")
    for piece in (b"one", b"other"):
        address = store.part_address(key, upload, number=1, size=len(piece), lifetime=MINUTE)
        stores.call(address, piece)
    (part,) = store.stored_parts(key, upload)
    assert part.size == 5


def test_what_is_aborted_is_gone(store: Storage, key: str) -> None:
    upload = store.begin_parts(key, mime_type="video/mp4")
    address = store.part_address(key, upload, number=1, size=1, lifetime=MINUTE)
    stores.call(address, b"a")
    for _ in range(2):
        store.abort_parts(key, upload)
    with pytest.raises(ObjectMissing):
        store.stored_parts(key, upload)
    assert stores.call(address, b"a").status >= 400


@pytest.mark.parametrize("url", ["s3://", "https://media", "file://", "media"])
def test_what_is_no_store_is_refused(url: str) -> None:
    with pytest.raises(InvalidSetting):
        StorageSettings(url=url)
