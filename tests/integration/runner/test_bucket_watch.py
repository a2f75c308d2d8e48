"""A bucket that tells nobody: what comes into it is news once, and again when it comes again."""

import io
from collections.abc import Iterator

import pytest

from runner.bucket_watch import BucketWatch
from shared.infrastructure.s3 import S3Storage
from tests import stores


@pytest.fixture
def store() -> Iterator[S3Storage]:
    with stores.bucket() as url:
        yield S3Storage(url)


def keep(store: S3Storage, key: str, content: bytes = b"content") -> None:
    store.put(key, io.BytesIO(content), mime_type="image/png")


def test_what_comes_is_news(store: S3Storage) -> None:
    keep(store, "uploads/before")
    watch = BucketWatch(store, ["uploads/"], pause=0)
    assert watch.news() == []
    keep(store, "uploads/a")
    keep(store, "incoming/a")
    (news,) = watch.news()
    assert (news.key, news.size, watch.news()) == ("uploads/a", 7, [news])
    watch.forget(news)
    assert watch.news() == []
    keep(store, "uploads/a", b"another")
    assert [each.key for each in watch.news()] == ["uploads/a"]


def test_a_bucket_that_cannot_be_reached_has_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    away = S3Storage("s3://media?endpoint=http%3A%2F%2F127.0.0.1%3A9")
    assert BucketWatch(away, ["uploads/"], pause=0).news() == []
