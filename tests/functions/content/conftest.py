"""What an author has written, and imports of theirs."""

import pytest

from tests.accounts import Account
from tests.functions.content.importing import Importer
from tests.outbox import Post


@pytest.fixture
def importer(ada: Account, post: Post) -> Importer:
    return Importer.of(ada, post)


@pytest.fixture
def library(ada: Account, ben: Account) -> Account:
    """Ada's three posts, the third written last and the first edited last; and one of Ben's."""
    ids = []
    for title, description, tags in (
        ("Beta", "Tea at four", ["tea", "hot"]),
        (None, "100% cocoa_powder", ["cocoa", "hot"]),
        ("alpha", "Ice", ["cold"]),
    ):
        body = {"title": title, "description": description, "tags": tags}
        ids.append(ada.api.post("/posts", body).json["data"]["id"])
    ada.api.patch(f"/posts/{ids[0]}", {"metadata": {"edited": True}})
    ben.api.post("/posts", {"description": "Tea of Ben's", "tags": ["tea"]})
    for channel in ("mastodon", "bluesky", "mastodon"):
        body = {"channel_id": channel, "content": "Ice!"}
        variant = ada.api.post(f"/posts/{ids[2]}/variants", body).json["data"]["id"]
        if channel == "bluesky":
            ada.api.delete(f"/variants/{variant}")
    return ada
