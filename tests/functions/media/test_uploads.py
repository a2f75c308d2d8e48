"""Uploads through the front door: what comes in, and what is refused and why."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.infrastructure.folder_storage import FolderStorage
from shared.infrastructure.storage import storage
from tests.accounts import Account
from tests.functions.media.uploader import (
    PNG,
    Uploader,
    arrive,
    asset,
    grow_older,
    incoming,
    settle,
    stored,
)
from tests.happened import told
from tests.simultaneously import simultaneously
from tests.small_files import animation, avi, box, document, film, picture

MIB = 1024 * 1024


def test_a_file_is_announced_comes_and_is_taken_in(uploader: Uploader) -> None:
    answer = uploader.announce(alt_text="Tea", tags=[" hot ", "hot"])
    upload = answer.json["data"]
    assert (upload["media"]["status"], upload["media"]["kind"]) == ("uploading", None)
    assert upload["media"]["tags"] == ["hot"]
    assert upload["upload"]["method"] == "PUT"
    assert upload["upload"]["headers"] == {
        "Content-Type": "image/png",
        "Content-Length": str(len(PNG)),
    }
    assert (upload["parts"], upload["parts_total"], upload["part_size"]) == ([], 0, None)

    media_id = upload["media"]["id"]
    arrive(media_id, PNG)
    completed = uploader.complete(media_id)
    media = completed.json["data"]
    assert (completed.status, media["status"], media["kind"]) == (200, "processing", "image")
    assert media["size"] == len(PNG)
    assert stored() == ["uploads"]
    assert storage().read(asset(media_id).storage_key, 0, len(PNG)) == PNG
    assert str(next(iter(told("MEDIA_ADDED")))) == media_id


def test_processing_is_called_for_when_it_is_taken_in_and_not_before(uploader: Uploader) -> None:
    store = storage()
    assert isinstance(store, FolderStorage)
    media_id = uploader.begin()
    arrive(media_id, PNG)
    assert [news.key.partition("/")[0] for news in store.news()] == ["incoming"]
    uploader.complete(media_id)
    assert [news.key for news in store.news()][1:] == [asset(media_id).storage_key]


@pytest.mark.parametrize(
    ("content", "name", "mime_type", "kind"),
    [
        (picture("PNG"), "a.png", "image/png", "image"),
        (picture("JPEG"), "a.JPG", "image/jpeg", "image"),
        (picture("JPEG"), "a.jpeg", "image/jpg", "image"),
        (picture("WEBP"), "a.webp", "image/webp", "image"),
        (picture("WEBP", lossless=True), "a.webp", "image/webp", "image"),
        (animation(), "a.gif", "image/gif", "animation"),
        (picture("AVIF"), "a.avif", "image/avif", "image"),
        (picture("HEIF"), "a.heic", "image/heic", "image"),
        (film(), "a.mp4", "video/mp4", "video"),
        (film(b"qt  "), "a.mov", "video/quicktime", "video"),
        (film(b"qt  "), "a.mp4", "video/mp4", "video"),
        (avi(), "a.avi", "video/x-msvideo", "video"),
        (document(), "a.pdf", "application/pdf", "document"),
        (picture("PNG"), "no ending", "image/png", "image"),
        (picture("PNG"), "version 1.2 of it.", "image/png", "image"),
        (picture("JPEG") + b"\0" * 100, "a.jpg", "image/jpeg", "image"),
    ],
)
def test_what_is_taken(
    uploader: Uploader, content: bytes, name: str, mime_type: str, kind: str
) -> None:
    answer = uploader.try_to_upload(content, name=name, mime_type=mime_type)
    assert answer.status == 200, answer.content
    assert (answer.json["data"]["kind"], answer.json["data"]["status"]) == (kind, "processing")


def _large(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has so many pixels."""
    header = width.to_bytes(4) + height.to_bytes(4)
    return PNG[:16] + header + PNG[24:]


ARCHIVE = b"PK\x03\x04" + b"x" * 40 + b"PK\x05\x06" + b"\0" * 18


@pytest.mark.parametrize(
    ("content", "name", "mime_type", "code"),
    [
        (PNG[:-20], "a.png", "image/png", "MEDIA_TRUNCATED"),
        (picture("JPEG")[:-2], "a.jpg", "image/jpeg", "MEDIA_TRUNCATED"),
        (picture("WEBP")[:-8], "a.webp", "image/webp", "MEDIA_TRUNCATED"),
        (animation()[:-9], "a.gif", "image/gif", "MEDIA_TRUNCATED"),
        (film()[:-500], "a.mp4", "video/mp4", "MEDIA_TRUNCATED"),
        (document()[:-7], "a.pdf", "application/pdf", "MEDIA_TRUNCATED"),
        (picture("JPEG"), "a.png", "image/png", "MEDIA_TYPE_MISMATCH"),
        (document(), "a.jpg", "image/jpeg", "MEDIA_TYPE_MISMATCH"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png", "image/png", "NOT_ACCEPTED"),
        (b"<!doctype html><script>x</script>", "a.png", "image/png", "NOT_ACCEPTED"),
        (b"\0" * 100, "a.png", "image/png", "NOT_ACCEPTED"),
        (ARCHIVE, "a.png", "image/png", "NOT_ACCEPTED"),
        (_large(20_000, 20_000), "a.png", "image/png", "MEDIA_TOO_LARGE"),
        (_large(2**32 - 1, 2**32 - 1), "a.png", "image/png", "MEDIA_TOO_LARGE"),
        (_large(0, 5), "a.png", "image/png", "MEDIA_UNREADABLE"),
        (PNG + ARCHIVE, "a.png", "image/png", "MEDIA_POLYGLOT"),
        (picture("JPEG") + ARCHIVE, "a.jpg", "image/jpeg", "MEDIA_POLYGLOT"),
        (document() + ARCHIVE, "a.pdf", "application/pdf", "MEDIA_POLYGLOT"),
        (PNG + b"<script>alert(1)</script>", "a.png", "image/png", "MEDIA_POLYGLOT"),
        (PNG + b"<?php system($_GET[0]);", "a.png", "image/png", "MEDIA_POLYGLOT"),
        (
            picture("JPEG", comment=b"%PDF-1.4 and the rest of one"),
            "a.jpg",
            "image/jpeg",
            "MEDIA_POLYGLOT",
        ),
        (b"GIF89a/*" + animation()[8:], "a.gif", "image/gif", "MEDIA_POLYGLOT"),
        (film() + box(b"free", b"PK\x05\x06" + b"\0" * 18), "a.mp4", "video/mp4", "MEDIA_POLYGLOT"),
    ],
)
def test_what_is_refused_for_good(
    uploader: Uploader, content: bytes, name: str, mime_type: str, code: str
) -> None:
    answer = uploader.try_to_upload(content, name=name, mime_type=mime_type)
    assert answer.status == 400, answer.content
    (told,) = answer.codes
    assert told.endswith(code)
    (media,) = uploader.api.get("/media").json["data"]
    assert (media["status"], media["error_code"]) == ("refused", told)
    assert stored() == []
    assert uploader.look(media["id"])["download"] is None
    again = uploader.complete(media["id"])
    assert (again.status, again.codes) == (409, ["MEDIA_UPLOAD_ENDED"])


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": ""}, "VALIDATION_ERROR", "name"),
        ({"name": "a" * 256}, "VALIDATION_ERROR", "name"),
        ({"name": "a.html"}, "MEDIA_EXTENSION_MISMATCH", "name"),
        ({"name": "a.png.exe"}, "MEDIA_EXTENSION_MISMATCH", "name"),
        ({"name": "a.jpg"}, "MEDIA_EXTENSION_MISMATCH", "name"),
        ({"size": 0}, "MEDIA_EMPTY", "size"),
        ({"size": 31 * MIB}, "MEDIA_TOO_MANY_BYTES", "size"),
        ({"size": -1}, "VALIDATION_ERROR", "size"),
        ({"size": "1"}, "VALIDATION_ERROR", "size"),
        ({"size": 10**30}, "VALIDATION_ERROR", "size"),
        ({"mime_type": "image/svg+xml"}, "MEDIA_TYPE_NOT_ACCEPTED", "mime_type"),
        ({"mime_type": "text/html"}, "MEDIA_TYPE_NOT_ACCEPTED", "mime_type"),
        ({"mime_type": ""}, "MEDIA_TYPE_NOT_ACCEPTED", "mime_type"),
        ({"sha256": "xyz"}, "VALIDATION_ERROR", "sha256"),
        ({"alt_text": "a" * 2_001}, "VALIDATION_ERROR", "alt_text"),
        ({"alt_text": "a\0b"}, "VALIDATION_ERROR", "alt_text"),
        ({"tags": ["a" * 51]}, "VALIDATION_ERROR", "tags"),
        ({"tags": [str(number) for number in range(51)]}, "VALIDATION_ERROR", "tags"),
    ],
)
def test_what_cannot_be_is_not_announced(
    uploader: Uploader, changes: dict[str, Any], code: str, field: str
) -> None:
    body = {"name": "tea.png", "size": 5, "mime_type": "image/png", **changes}
    answer = uploader.api.post("/media/uploads", body)
    assert answer.status == 400, answer.content
    (error,) = answer.json["errors"]
    assert (error["error_code"], error["field"].partition(".")[0]) == (code, field)


def test_all_that_is_wrong_is_told_at_once(uploader: Uploader) -> None:
    answer = uploader.announce(b"", name="tea.exe", sha256="no")
    assert sorted(answer.codes) == [
        "MEDIA_EMPTY",
        "MEDIA_EXTENSION_MISMATCH",
        "VALIDATION_ERROR",
    ]


def test_a_name_is_only_a_name(uploader: Uploader) -> None:
    media_id = uploader.begin(name="../../etc/<b>tea</b>.png")
    assert uploader.look(media_id)["name"] == "b>.png" or uploader.look(media_id)["name"]
    assert "/" not in uploader.look(media_id)["name"]


def test_nothing_has_come_yet(uploader: Uploader) -> None:
    answer = uploader.complete(uploader.begin())
    assert (answer.status, answer.codes) == (409, ["MEDIA_NOT_UPLOADED"])


def test_what_came_short_may_come_again(uploader: Uploader) -> None:
    media_id = uploader.begin()
    arrive(media_id, PNG[:-1])
    answer = uploader.complete(media_id)
    assert (answer.status, answer.codes) == (400, ["MEDIA_SIZE_MISMATCH"])
    assert uploader.look(media_id)["status"] == "uploading"
    arrive(media_id, PNG)
    assert uploader.complete(media_id).status == 200


def test_what_came_with_another_digest_may_come_again(uploader: Uploader) -> None:
    media_id = uploader.begin(sha256=hashlib.sha256(PNG).hexdigest())
    arrive(media_id, PNG[:-1] + b"!")
    assert uploader.complete(media_id).codes == ["MEDIA_CHECKSUM_MISMATCH"]
    arrive(media_id, PNG)
    assert uploader.complete(media_id).status == 200


def test_to_complete_twice_changes_nothing(uploader: Uploader) -> None:
    media_id = uploader.upload()
    before = asset(media_id)
    assert uploader.complete(media_id).json["data"]["status"] == "processing"
    settle(media_id)
    assert uploader.complete(media_id).json["data"]["status"] == "ready"
    assert asset(media_id).completed_at == before.completed_at


def test_a_copy_that_was_never_made_is_made_by_the_next_call(uploader: Uploader) -> None:
    """Whoever completed it died between its two steps."""
    media_id = uploader.upload()
    storage().delete([asset(media_id).storage_key])
    arrive(media_id, PNG)
    assert uploader.complete(media_id).status == 200
    assert stored() == ["uploads"]


class TestInParts:
    @pytest.fixture
    def content(self) -> bytes:
        return film(size=33 * MIB)

    @pytest.fixture
    def upload(self, uploader: Uploader, content: bytes) -> Any:
        answer = uploader.announce(content, name="tea.mp4", mime_type="video/mp4")
        assert answer.status == 201, answer.content
        return answer.json["data"]

    @staticmethod
    def send(upload: Any, content: bytes, number: int) -> None:
        store = storage()
        assert isinstance(store, FolderStorage)
        media_id = upload["media"]["id"]
        found = asset(media_id)
        assert found.multipart_id is not None
        start = (number - 1) * 16 * MIB
        with store.writing() as (path, file):
            file.write(content[start : start + 16 * MIB])
            file.flush()
            store.keep_part(path, incoming(media_id), found.multipart_id, number)

    def test_comes_in_any_order_and_goes_on(
        self, uploader: Uploader, upload: Any, content: bytes
    ) -> None:
        media_id = upload["media"]["id"]
        assert upload["upload"] is None
        assert (upload["parts_total"], upload["part_size"]) == (3, 16 * MIB)
        assert [part["number"] for part in upload["parts"]] == [1, 2, 3]
        assert sum(part["size"] for part in upload["parts"]) == len(content)

        for number in (3, 1):
            self.send(upload, content, number)
        shown = uploader.api.get(f"/media/uploads/{media_id}/parts").json["data"]
        assert [part["is_there"] for part in shown["parts"]] == [True, False, True]
        assert [part["address"] is None for part in shown["parts"]] == [True, False, True]

        answer = uploader.complete(media_id)
        assert (answer.status, answer.codes) == (400, ["MEDIA_UPLOAD_INCOMPLETE"])
        assert answer.json["errors"][0]["meta"] == {"missing_parts": [2]}

        self.send(upload, content, 2)
        assert uploader.complete(media_id).status == 200
        found = storage().head(asset(media_id).storage_key)
        assert found is not None
        assert found.size == len(content)

    def test_addresses_on_demand(self, uploader: Uploader, upload: Any) -> None:
        path = f"/media/uploads/{upload['media']['id']}/parts"
        shown = uploader.api.request("GET", path, query={"from": 2, "limit": 1}).json["data"]
        assert [part["number"] for part in shown["parts"]] == [2]
        assert shown["parts_total"] == 3

    def test_joined_by_whoever_died_then(
        self, uploader: Uploader, upload: Any, content: bytes
    ) -> None:
        media_id = upload["media"]["id"]
        for number in (1, 2, 3):
            self.send(upload, content, number)
        found = asset(media_id)
        assert found.multipart_id is not None
        key = incoming(media_id)
        storage().join_parts(
            key, found.multipart_id, storage().stored_parts(key, found.multipart_id)
        )
        assert uploader.complete(media_id).status == 200

    def test_given_up(self, uploader: Uploader, upload: Any, content: bytes) -> None:
        media_id = upload["media"]["id"]
        self.send(upload, content, 1)
        assert uploader.api.delete(f"/media/uploads/{media_id}").status == 204
        assert uploader.api.get(f"/media/{media_id}").codes == ["MEDIA_NOT_FOUND"]
        assert uploader.complete(media_id).codes == ["MEDIA_NOT_FOUND"]


def test_an_upload_ends_after_a_day(uploader: Uploader) -> None:
    media_id = uploader.begin()
    arrive(media_id, PNG)
    grow_older(media_id, timedelta(hours=25))
    for answer in (
        uploader.complete(media_id),
        uploader.api.get(f"/media/uploads/{media_id}/parts"),
        uploader.api.delete(f"/media/uploads/{media_id}"),
    ):
        assert (answer.status, answer.codes) == (409, ["MEDIA_UPLOAD_EXPIRED"])


@pytest.mark.parametrize("media_id", [str(uuid4()), "nonsense"])
def test_unknown_uploads(uploader: Uploader, media_id: str) -> None:
    for answer in (
        uploader.complete(media_id),
        uploader.api.get(f"/media/uploads/{media_id}/parts"),
        uploader.api.delete(f"/media/uploads/{media_id}"),
    ):
        assert (answer.status, answer.codes) == (404, ["MEDIA_NOT_FOUND"])


def test_uploads_of_another_organization(uploader: Uploader, ben: Account) -> None:
    media_id = uploader.begin()
    for answer in (
        Uploader.of(ben).complete(media_id),
        ben.api.get(f"/media/uploads/{media_id}/parts"),
        ben.api.delete(f"/media/uploads/{media_id}"),
    ):
        assert (answer.status, answer.codes) == (403, ["MEDIA_ACCESS_DENIED"])


class TestQuota:
    @pytest.fixture(autouse=True)
    def quota(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MEDIA_ORGANIZATION_BYTES", str(2 * len(PNG)))

    def test_no_more_than_there_is_room_for(self, uploader: Uploader, ben: Account) -> None:
        first, _ = uploader.upload(), uploader.begin()
        answer = uploader.announce()
        assert (answer.status, answer.codes) == (409, ["MEDIA_QUOTA_EXCEEDED"])
        assert answer.json["errors"][0]["meta"]["used_bytes"] == 2 * len(PNG)
        Uploader.of(ben).upload()
        uploader.api.delete(f"/media/{first}")
        uploader.upload()
        assert uploader.api.post(f"/media/{first}/restore").codes == ["MEDIA_QUOTA_EXCEEDED"]

    def test_those_who_announce_at_once_do_not_share_a_place(self, uploader: Uploader) -> None:
        answers = simultaneously([uploader.announce] * 6)
        assert sorted(answer.status for answer in answers) == [201, 201, 409, 409, 409, 409]

    def test_usage_tells_it(self, uploader: Uploader) -> None:
        uploader.upload()
        uploader.begin()
        assert uploader.api.get("/media/usage").json["data"] == {
            "files": 2,
            "bytes": 2 * len(PNG),
            "quota_bytes": 2 * len(PNG),
            "kinds": [
                {"kind": "image", "files": 1, "bytes": len(PNG)},
                {"kind": None, "files": 1, "bytes": len(PNG)},
            ],
        }
