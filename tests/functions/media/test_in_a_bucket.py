"""The same with a bucket that speaks S3: the bytes go to the addresses that were answered."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.infrastructure.storage import Address, storage
from tests import stores
from tests.functions.media.uploader import PNG, Uploader, asset, settle, stored
from tests.small_files import film

MIB = 1024 * 1024


@pytest.fixture(autouse=True, scope="module")
def bucket() -> Iterator[None]:
    with stores.bucket() as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORAGE_URL", url)
        yield


def send(told: Any, content: bytes) -> None:
    address = Address(
        method=told["method"],
        url=told["url"],
        headers=told["headers"],
        expires_at=told["expires_at"],
    )
    assert stores.call(address, content).status == 200


def test_a_file_comes_as_a_whole(uploader: Uploader) -> None:
    upload = uploader.announce().json["data"]
    send(upload["upload"], PNG)
    media_id = upload["media"]["id"]
    assert uploader.complete(media_id).status == 200
    assert stored() == ["uploads"]
    found = storage().head(asset(media_id).storage_key)
    assert found is not None
    assert (found.size, found.mime_type) == (len(PNG), "image/png")
    download = uploader.look(media_id)["download"]
    got = stores.call(Address(method="GET", url=download["url"], headers={}, expires_at=None))  # type: ignore[arg-type]
    assert (got.status, got.content) == (200, PNG)


def test_a_large_one_comes_in_parts(uploader: Uploader) -> None:
    content = film(size=17 * MIB)
    upload = uploader.announce(content, name="tea.mp4", mime_type="video/mp4").json["data"]
    media_id = upload["media"]["id"]
    second, first = reversed(upload["parts"])
    send(second["address"], content[16 * MIB :])
    answer = uploader.complete(media_id)
    assert answer.json["errors"][0]["meta"] == {"missing_parts": [1]}
    shown = uploader.api.get(f"/media/uploads/{media_id}/parts").json["data"]["parts"]
    assert [part["is_there"] for part in shown] == [False, True]
    send(first["address"], content[: 16 * MIB])
    assert uploader.complete(media_id).json["data"]["kind"] == "video"
    found = storage().head(asset(media_id).storage_key)
    assert found is not None
    assert found.size == len(content)


def test_one_that_is_given_up_leaves_nothing(uploader: Uploader) -> None:
    upload = uploader.announce(film(size=17 * MIB), name="a.mp4", mime_type="video/mp4").json
    media_id = upload["data"]["media"]["id"]
    found = asset(media_id)
    assert uploader.api.delete(f"/media/uploads/{media_id}").status == 204
    assert found.multipart_id is not None
    storage().abort_parts(found.storage_key, found.multipart_id)


def test_processing_is_called_for_once_more(uploader: Uploader) -> None:
    upload = uploader.announce().json["data"]
    send(upload["upload"], PNG)
    media_id = upload["media"]["id"]
    uploader.complete(media_id)
    settle(media_id, "failed", error_code="MEDIA_X", error_message="x")
    assert uploader.api.post(f"/media/{media_id}/process").status == 200


def test_a_store_that_is_away_is_said_to_be(uploader: Uploader) -> None:
    media_id = uploader.begin()
    with pytest.MonkeyPatch.context() as patch:  # ended before the store is emptied
        patch.setenv("STORAGE_URL", "s3://media?endpoint=http%3A%2F%2F127.0.0.1%3A9")
        answer = uploader.complete(media_id)
        large = uploader.announce(film(size=17 * MIB), name="a.mp4", mime_type="video/mp4")
    assert (answer.status, answer.codes) == (503, ["STORAGE_UNAVAILABLE"])
    assert (large.status, large.codes) == (503, ["STORAGE_UNAVAILABLE"])
