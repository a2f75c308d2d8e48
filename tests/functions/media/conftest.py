"""Somebody who uploads, and an empty store."""

from collections.abc import Iterator

import pytest

from shared.infrastructure.folder_storage import FolderStorage
from shared.infrastructure.storage import storage
from tests.accounts import Account
from tests.functions.media.uploader import Uploader


@pytest.fixture(autouse=True)
def empty_store(environment: dict[str, str]) -> Iterator[None]:
    """Of what others left there, too."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    store = storage()
    for prefix in ("incoming/", "uploads/", "media/"):
        store.delete([each.key for each in store.listed(prefix)])
    if isinstance(store, FolderStorage):
        for news in store.news():
            store.forget(news)


@pytest.fixture
def uploader(ada: Account) -> Uploader:
    return Uploader.of(ada)
