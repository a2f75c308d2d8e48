"""The folder refuses at its door what S3 would.

moto's server judges neither signatures nor what they cover.
"""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from shared.infrastructure.folder_storage import FolderStorage
from tests import stores

MINUTE = timedelta(minutes=1)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[FolderStorage]:
    with stores.folder(tmp_path) as url:
        yield FolderStorage(url)


@pytest.mark.parametrize(
    ("body", "changes", "status", "code"),
    [
        (b"contents", {"Content-Length": "8"}, 403, "SignatureDoesNotMatch"),
        (b"content", {"Content-Type": "text/html"}, 403, "SignatureDoesNotMatch"),
        (b"CONTENT", {}, 400, "BadDigest"),
        (b"content", {"x-amz-checksum-sha256": "AAAA"}, 403, "SignatureDoesNotMatch"),
    ],
)
def test_another_file_than_was_signed(
    folder: FolderStorage,
    body: bytes,
    changes: dict[str, str],
    status: int,
    code: str,
) -> None:
    address = folder.put_address(
        "incoming/a",
        mime_type="image/png",
        size=7,
        sha256=hashlib.sha256(b"content").hexdigest(),
        lifetime=MINUTE,
    )
    answer = stores.call(address, body, headers=changes)
    assert (answer.status, code in answer.content.decode()) == (status, True)
    assert folder.head("incoming/a") is None
    assert folder.news() == []


def test_another_method(folder: FolderStorage) -> None:
    stores.kept(folder, "incoming/a")
    got = folder.get_address("incoming/a", lifetime=MINUTE)
    for method in ("PUT", "HEAD", "DELETE"):
        assert stores.call(got, method=method).status == 403
    assert folder.read("incoming/a", 0, 1) == b"0"


def test_when_the_time_is_over(folder: FolderStorage) -> None:
    stores.kept(folder, "incoming/a")
    answer = stores.call(folder.get_address("incoming/a", lifetime=-MINUTE))
    assert (answer.status, b"AccessDenied" in answer.content) == (403, True)


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("incoming/a", "incoming/b"),
        ("incoming/a", "incoming/../secret"),
        ("expires=", "expires=9"),
        ("signature=", "signature=0"),
        ("&signature=", "&size=1&signature="),
        ("signature=", "signed="),
    ],
)
def test_another_address_than_was_signed(folder: FolderStorage, part: str, instead: str) -> None:
    for name in ("a", "b"):
        stores.kept(folder, f"incoming/{name}")
    address = folder.get_address("incoming/a", lifetime=MINUTE)
    meddled = address.url.replace(part, instead)
    assert meddled != address.url
    changed = type(address)(method="GET", url=meddled, headers={}, expires_at=address.expires_at)
    assert stores.call(changed).status == 403


def test_news_tell_of_each_coming(folder: FolderStorage) -> None:
    etag = stores.kept(folder, "uploads/a")
    folder.copy("uploads/a", "uploads/b", mime_type="image/png")
    told = folder.news()
    assert [(news.name, news.key, news.size) for news in told] == [
        ("Put", "uploads/a", 10),
        ("Copy", "uploads/b", 10),
    ]
    assert told[0].etag == etag


def test_news_forgotten_by_others_while_they_are_looked_at(
    folder: FolderStorage, tmp_path: Path
) -> None:
    stores.kept(folder, "uploads/a")
    (tmp_path / "news" / "listed.json").symlink_to("and gone by the time it is read")
    (left,) = folder.news()
    assert left.key == "uploads/a"
