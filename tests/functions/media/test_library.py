"""The library through the front door: found, described, in use, deleted, restored."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.infrastructure.storage import storage
from tests.accounts import Account
from tests.api import ApiAnswer
from tests.author import Author
from tests.functions.media.uploader import (
    PNG,
    Uploader,
    arrive,
    asset,
    grow_older,
    news,
    settle,
    stored,
)
from tests.happened import told
from tests.simultaneously import simultaneously
from tests.small_files import animation, document


@pytest.fixture
def shelf(uploader: Uploader, ben: Account) -> Uploader:
    """Three files of Ada's, and one of Ben's."""
    uploader.upload(name="green-tea_01.png", alt_text="A cup", tags=["tea", "hot"])
    uploader.upload(
        animation(), name="kettle.gif", mime_type="image/gif", alt_text="It boils", tags=["hot"]
    )
    uploader.upload(document(), name="menu 抹茶.pdf", mime_type="application/pdf", tags=["tea"])
    Uploader.of(ben).upload(name="bens-tea.png", tags=["tea"])
    return uploader


ALL = ["menu 抹茶.pdf", "kettle.gif", "green-tea_01.png"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ALL),
        ({"sortOrder": "asc"}, ALL[::-1]),
        ({"sortBy": "name", "sortOrder": "asc"}, ["green-tea_01.png", "kettle.gif", ALL[0]]),
        ({"search": "tea"}, ["green-tea_01.png"]),
        ({"search": "gre"}, ["green-tea_01.png"]),
        ({"search": "boil"}, ["kettle.gif"]),
        ({"search": "茶"}, [ALL[0]]),
        ({"search": "%"}, []),
        ({"kind": "animation"}, ["kettle.gif"]),
        ({"kind": "video"}, []),
        ({"status": "processing"}, ALL),
        ({"status": "ready"}, []),
        ({"tags": "tea"}, [ALL[0], ALL[2]]),
        ({"tags": "tea,hot"}, ALL),
        ({"tags": "tea,hot", "tags_mode": "all"}, [ALL[2]]),
        ({"created_from": "2100-01-01"}, []),
        ({"created_to": "2100-01-01"}, ALL),
        ({"limit": 1, "offset": 1}, [ALL[1]]),
        ({"deleted": "true"}, []),
    ],
)
def test_what_is_found(shelf: Uploader, query: dict[str, Any], found: list[str]) -> None:
    assert shelf.listed(**query) == found


@pytest.mark.parametrize("sort_by", ["created_at", "updated_at", "name"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_by_cursor_miss_and_repeat_nothing(shelf: Uploader, sort_by: str, order: str) -> None:
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 1, "sortBy": sort_by, "sortOrder": order}
    for _ in range(3):
        page = shelf.api.get("/media", **query).json
        seen += [each["name"] for each in page["data"]]
        assert page["pagination"]["total"] == 3
        query["cursor"] = page["pagination"]["next_cursor"]
    assert sorted(seen) == sorted(ALL)
    assert (page["pagination"]["has_more"], query["cursor"]) == (False, None)


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "nonsense"},
        {"cursor": "WyJ1cGRhdGVkX2F0IGRlc2MiLDEsIiJd"},
        {"cursor": "x", "offset": 1},
        {"kind": "sound"},
        {"limit": 0},
        {"sortBy": "size"},
        {"search": "a\0b"},
    ],
)
def test_what_cannot_be_asked(uploader: Uploader, query: dict[str, Any]) -> None:
    assert uploader.api.get("/media", **query).status == 400


def test_one_file_with_where_it_can_be_had(uploader: Uploader) -> None:
    media_id = uploader.upload(name="tëa.png")
    thumbnail = {
        "width": 320,
        "height": 240,
        "mime_type": "image/webp",
        "size": 9,
        "key": "media/x",
    }
    settle(
        media_id,
        width=640,
        height=480,
        blurhash="L00",
        thumbnails=[{**thumbnail, "width": 1080}, thumbnail],
    )
    answer = uploader.api.get(f"/media/{media_id}")
    media = answer.json["data"]
    assert answer.headers["etag"] == f'"{media["version"]}"'
    assert (media["status"], media["width"], media["blurhash"]) == ("ready", 640, "L00")
    assert [each["width"] for each in media["thumbnails"]] == [320, 1080]
    assert all("/media/x?" in each["url"] for each in media["thumbnails"])
    assert media["download"]["method"] == "GET"
    assert asset(media_id).storage_key in media["download"]["url"]
    assert media["references"] == []


def test_what_is_said_of_a_file(uploader: Uploader) -> None:
    media_id = uploader.upload()
    answer = uploader.api.patch(
        f"/media/{media_id}", {"name": "new.png", "alt_text": "5 < 6", "tags": ["b", "a", "b"]}
    )
    media = answer.json["data"]
    assert (answer.status, media["name"], media["alt_text"]) == (200, "new.png", "5 < 6")
    assert media["tags"] == ["b", "a"]
    unchanged = uploader.api.patch(f"/media/{media_id}", {"alt_text": ""}).json["data"]
    assert (unchanged["name"], unchanged["alt_text"], unchanged["tags"]) == (
        "new.png",
        "",
        ["b", "a"],
    )


@pytest.mark.parametrize(
    "body", [{"name": ""}, {"name": "/"}, {"name": None}, {"alt_text": 5}, {"tags": [""]}, []]
)
def test_what_cannot_be_said(uploader: Uploader, body: Any) -> None:
    media_id = uploader.upload()
    assert uploader.api.patch(f"/media/{media_id}", body).status == 400


def test_a_change_is_meant_for_a_version(uploader: Uploader) -> None:
    media_id = uploader.upload()
    version = uploader.look(media_id)["version"]

    def change(tag: int) -> ApiAnswer:
        return uploader.api.request(
            "PATCH", f"/media/{media_id}", json={"name": "x"}, headers={"if-match": f'"{tag}"'}
        )

    assert change(version).status == 200
    assert (change(version).status, change(version + 1).status) == (412, 200)


def test_the_version_grows_whoever_writes(uploader: Uploader) -> None:
    media_id = uploader.upload()
    before = uploader.look(media_id)["version"]
    settle(media_id)
    assert uploader.look(media_id)["version"] == before + 1


class TestInUse:
    @pytest.fixture
    def variant(self, ada: Account) -> str:
        return Author.of(ada).write()[1]

    @pytest.mark.parametrize("name", ["media_id", "cover_media_id"])
    @pytest.mark.parametrize("place", ["media", "thread"])
    def test_what_a_variant_shows_stays(
        self, uploader: Uploader, variant: str, name: str, place: str
    ) -> None:
        media_id = uploader.upload()
        shown = {"items": [{name: media_id}]}
        show(variant, place, shown if place == "media" else [{"content": "x", "media": shown}])
        answer = uploader.api.delete(f"/media/{media_id}")
        assert (answer.status, answer.codes) == (409, ["MEDIA_IN_USE"])
        (reference,) = answer.json["errors"][0]["meta"]["references"]
        assert (reference["variant_id"], reference["channel"]) == (variant, "mastodon")
        (listed,) = uploader.look(media_id)["references"]
        assert (listed["variant_id"], listed["channel_id"]) == (variant, "mastodon")

    def test_until_the_variant_is_gone(self, uploader: Uploader, variant: str) -> None:
        media_id = uploader.upload()
        show(variant, "media", {"items": [{"media_id": str(uuid4())}, {"media_id": media_id}]})
        assert uploader.api.delete(f"/media/{media_id}").status == 409
        uploader.api.delete(f"/variants/{variant}")
        assert uploader.api.delete(f"/media/{media_id}").status == 204

    def test_what_shows_another_file_keeps_nothing(self, uploader: Uploader, variant: str) -> None:
        media_id = uploader.upload()
        show(variant, "media", {"items": [{"media_id": str(uuid4()), "alt_text": media_id}]})
        assert uploader.api.delete(f"/media/{media_id}").status == 204

    def test_old_descriptions_of_media_are_no_harm(self, uploader: Uploader, variant: str) -> None:
        media_id = uploader.upload()
        show(variant, "media", {"items": "none", "images": [{"url": media_id}]})
        assert uploader.api.delete(f"/media/{media_id}").status == 204


def show(variant: str, place: str, document: Any) -> None:
    """As content keeps it."""
    with engine().begin() as database:
        database.execute(
            text(f"UPDATE post_variants SET {place} = CAST(:document AS jsonb) WHERE id = :id"),
            {"document": json.dumps(document), "id": variant},
        )


class TestDeleting:
    def test_takes_it_off_every_list_and_can_be_undone(self, uploader: Uploader) -> None:
        media_id = uploader.upload()
        assert uploader.api.delete(f"/media/{media_id}").status == 204
        assert uploader.listed() == []
        assert uploader.api.get(f"/media/{media_id}").codes == ["MEDIA_NOT_FOUND"]
        assert uploader.api.patch(f"/media/{media_id}", {}).codes == ["MEDIA_NOT_FOUND"]
        assert uploader.listed(deleted="true") == ["tea.png"]
        answer = uploader.api.post(f"/media/{media_id}/restore")
        assert (answer.status, answer.json["data"]["id"]) == (200, media_id)
        assert uploader.listed() == ["tea.png"]
        assert [str(each) for each in told("MEDIA_DELETED")] == [media_id]
        assert [str(each) for each in told("MEDIA_RESTORED")] == [media_id]

    def test_to_restore_what_is_there_changes_nothing(self, uploader: Uploader) -> None:
        media_id = uploader.upload()
        assert uploader.api.post(f"/media/{media_id}/restore").status == 200
        assert told("MEDIA_RESTORED") == {}

    def test_restoring_ends_after_a_month(self, uploader: Uploader) -> None:
        media_id = uploader.upload()
        uploader.api.delete(f"/media/{media_id}")
        grow_older(media_id, timedelta(days=31))
        answer = uploader.api.post(f"/media/{media_id}/restore")
        assert (answer.status, answer.codes) == (409, ["MEDIA_RESTORE_EXPIRED"])
        assert uploader.listed(deleted="true") == []


class TestProcessingAgain:
    def test_what_has_failed_is_called_for_once_more(self, uploader: Uploader) -> None:
        media_id = uploader.upload()
        settle(media_id, "failed", error_code="MEDIA_PROCESSING_FAILED", error_message="x")
        calls = len(news())
        answer = uploader.api.post(f"/media/{media_id}/process")
        assert (answer.status, answer.json["data"]["status"]) == (200, "processing")
        assert answer.json["data"]["error_code"] is None
        assert len(news()) == calls + 1

    def test_what_is_ready_stays(self, uploader: Uploader) -> None:
        media_id = uploader.upload()
        settle(media_id)
        answer = uploader.api.post(f"/media/{media_id}/process")
        assert (answer.status, answer.codes) == (409, ["MEDIA_NOT_FAILED"])

    def test_what_has_vanished_has_failed_for_good(self, uploader: Uploader) -> None:
        media_id = uploader.upload()
        settle(media_id, "failed", error_code="MEDIA_PROCESSING_FAILED", error_message="x")
        storage().delete([asset(media_id).storage_key])
        answer = uploader.api.post(f"/media/{media_id}/process")
        assert (answer.status, answer.codes) == (409, ["MEDIA_FILE_GONE"])
        assert uploader.look(media_id)["error_code"] == "MEDIA_FILE_GONE"


@pytest.mark.parametrize("media_id", [str(uuid4()), "nonsense"])
def test_unknown_files(uploader: Uploader, media_id: str) -> None:
    for answer in (
        uploader.api.get(f"/media/{media_id}"),
        uploader.api.patch(f"/media/{media_id}", {}),
        uploader.api.delete(f"/media/{media_id}"),
        uploader.api.post(f"/media/{media_id}/restore"),
        uploader.api.post(f"/media/{media_id}/process"),
    ):
        assert (answer.status, answer.codes) == (404, ["MEDIA_NOT_FOUND"])


def test_files_of_another_organization(uploader: Uploader, ben: Account) -> None:
    media_id = uploader.upload()
    for answer in (
        ben.api.get(f"/media/{media_id}"),
        ben.api.patch(f"/media/{media_id}", {"name": "x.png"}),
        ben.api.delete(f"/media/{media_id}"),
        ben.api.post(f"/media/{media_id}/restore"),
        ben.api.post(f"/media/{media_id}/process"),
    ):
        assert (answer.status, answer.codes) == (403, ["MEDIA_ACCESS_DENIED"])
    assert Uploader.of(ben).listed() == []
    assert ben.api.get("/media/usage").json["data"]["bytes"] == 0


def test_two_who_complete_at_once_add_one_file(uploader: Uploader) -> None:
    media_id = uploader.begin()
    arrive(media_id, PNG)
    answers = simultaneously([lambda: uploader.complete(media_id)] * 2)
    assert {answer.status for answer in answers} <= {200, 409}
    assert 200 in {answer.status for answer in answers}
    assert stored() == ["uploads"]
    assert len(told("MEDIA_ADDED")) == 1
