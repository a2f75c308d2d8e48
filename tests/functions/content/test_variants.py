"""Variants through the front door."""

from typing import Any
from uuid import uuid4

import pytest

from tests.accounts import Account
from tests.api import Api, ApiAnswer


@pytest.fixture
def post_id(ada: Account) -> str:
    answer = ada.api.post("/posts", {"description": "At four"})
    return str(answer.json["data"]["id"])


@pytest.fixture
def variant(ada: Account, post_id: str) -> Any:
    return _write(ada, post_id)


def _try_to_write(author: Account, post_id: str, **body: Any) -> ApiAnswer:
    body = {"channel_id": "mastodon", "content": "Tea at four", **body}
    return author.api.post(f"/posts/{post_id}/variants", body)


def _write(author: Account, post_id: str, **body: Any) -> Any:
    answer = _try_to_write(author, post_id, **body)
    assert answer.status == 201, answer.content
    return answer.json["data"]


def test_a_new_variant_is_a_draft_for_its_network(ada: Account, post_id: str) -> None:
    variant = _write(ada, post_id, tone="cheerful", media={"items": []}, metadata={"a": 1})
    assert variant == {
        "id": variant["id"],
        "post_id": post_id,
        "channel_id": "mastodon",
        "content": "Tea at four",
        "thread": [],
        "media": {},
        "settings": {},
        "tone": "cheerful",
        "source": "manual",
        "status": "draft",
        "metadata": {"a": 1},
        "created_by": str(ada.user_id),
        "created_at": variant["created_at"],
        "updated_at": variant["created_at"],
        "published_at": None,
        "version": 1,
        "channel": {"id": "mastodon", "key": "mastodon", "name": "Mastodon"},
        "validation": {"character_count": 11, "limit": 500},
    }
    assert ada.api.get(f"/variants/{variant['id']}").json == {"data": variant}


def test_the_newest_is_listed_first(ada: Account, post_id: str, variant: Any) -> None:
    second = _write(ada, post_id, channel_id="bluesky")
    third = _write(ada, post_id)
    listed = ada.api.get(f"/posts/{post_id}/variants").json
    assert listed == {"data": [third, second, variant]}


def test_content_is_kept_to_the_letter(ada: Account, post_id: str) -> None:
    content = (
        " <script>alert(1)</script> 5 < 6 & 7 &amp; \u202eabc\u202c \U0001f469\u200d\U0001f467\n"
    )
    variant = _write(ada, post_id, content=content)
    assert variant["content"] == content
    patched = ada.api.patch(f"/variants/{variant['id']}", {"content": content * 2})
    assert patched.json["data"]["content"] == content * 2


@pytest.mark.parametrize(
    ("channel", "content", "counted"),
    [
        ("mastodon", "x" * 501, {"count": 501, "limit": 500}),
        (
            "mastodon",
            "x" * 480 + " https://example.org/" + "y" * 200,
            {"count": 504, "limit": 500},
        ),
        ("bluesky", "x" * 301, {"count": 301, "limit": 300}),
        ("bluesky", "\U0001f44d\U0001f3fd" * 301, {"count": 301, "limit": 300}),
    ],
)
def test_too_long_is_told_with_count_and_limit(
    ada: Account, post_id: str, channel: str, content: str, counted: dict[str, int]
) -> None:
    fitting = _write(ada, post_id, channel_id=channel)
    for answer in (
        _try_to_write(ada, post_id, channel_id=channel, content=content),
        ada.api.patch(f"/variants/{fitting['id']}", {"content": content}),
    ):
        assert (answer.status, answer.codes) == (400, ["CONTENT_TOO_LONG"])
        (error,) = answer.json["errors"]
        assert error["field"] == "content"
        assert error["meta"].pop("counts").startswith("characters")
        assert error["meta"] == {"channel": channel, **counted}
    assert ada.api.get(f"/variants/{fitting['id']}").json["data"] == fitting


def test_what_just_fits_is_taken_as_the_network_counts(ada: Account, post_id: str) -> None:
    thumbs = "\U0001f44d\U0001f3fd" * 300
    variant = _write(ada, post_id, channel_id="bluesky", content=thumbs)
    assert variant["validation"] == {"character_count": 300, "limit": 300}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"content": None}, "VARIANT_CONTENT_REQUIRED"),
        ({"content": ""}, "VARIANT_CONTENT_REQUIRED"),
        ({"content": " \n\t"}, "VARIANT_CONTENT_REQUIRED"),
        ({"content": "a\0b"}, "VALIDATION_ERROR"),
        ({"content": "\ud83d"}, "VALIDATION_ERROR"),
        ({"content": 5}, "VALIDATION_ERROR"),
        ({"tone": "x" * 51}, "VALIDATION_ERROR"),
        ({"tone": "a\0"}, "VALIDATION_ERROR"),
        ({"media": []}, "VALIDATION_ERROR"),
        ({"media": {"url": "\0"}}, "VALIDATION_ERROR"),
        ({"metadata": {"a": ["\udfff"]}}, "VALIDATION_ERROR"),
        ({"metadata": {"a": "x" * 16_384}}, "VALIDATION_ERROR"),
    ],
    ids=repr,
)
def test_what_is_wrong_is_refused(
    ada: Account, post_id: str, variant: Any, change: dict[str, Any], code: str
) -> None:
    (field,) = change
    for answer in (
        _try_to_write(ada, post_id, **change),
        ada.api.patch(f"/variants/{variant['id']}", change),
    ):
        assert (answer.status, answer.codes) == (400, [code])
        assert answer.json["errors"][0]["field"].startswith(field)
    assert ada.api.get(f"/variants/{variant['id']}").json["data"] == variant


def test_all_that_is_wrong_is_told_at_once(ada: Account, post_id: str) -> None:
    answer = ada.api.post(f"/posts/{post_id}/variants", {"tone": "x" * 51, "media": 1})
    assert answer.status == 400
    assert {error["field"] for error in answer.json["errors"]} == {
        "channel_id",
        "content",
        "tone",
        "media",
    }


@pytest.mark.parametrize("channel", ["myspace", "", "../mastodon", "__init__", "x" * 1000])
def test_an_unknown_network_is_not_found(ada: Account, post_id: str, channel: str) -> None:
    answer = _try_to_write(ada, post_id, channel_id=channel)
    assert (answer.status, answer.codes) == (404, ["CHANNEL_NOT_FOUND"])


def test_what_is_absent_stays_and_null_clears(ada: Account, post_id: str) -> None:
    variant = _write(ada, post_id, tone="dry", media={}, metadata={"b": 2})
    path = f"/variants/{variant['id']}"
    nothing = ada.api.patch(path, {"status": "published", "source": "generated"}).json["data"]
    assert {**nothing, "updated_at": variant["updated_at"], "version": 1} == variant
    cleared = ada.api.patch(path, {"tone": None, "media": None, "metadata": None}).json["data"]
    assert (cleared["tone"], cleared["media"], cleared["metadata"]) == (None, {}, {})
    assert cleared["content"] == variant["content"]


def test_only_a_draft_is_marked_ready(ada: Account, variant: Any) -> None:
    path = f"/variants/{variant['id']}"
    ready = ada.api.post(f"{path}/mark-ready")
    assert (ready.status, ready.json["data"]["status"]) == (200, "ready")
    again = ada.api.post(f"{path}/mark-ready")
    assert (again.status, again.codes) == (400, ["VARIANT_NOT_DRAFT"])
    edited = ada.api.patch(path, {"content": "Tea at five"}).json["data"]
    assert (edited["status"], edited["content"]) == ("ready", "Tea at five")


def test_a_deleted_variant_is_gone_and_its_post_is_not(
    ada: Account, post_id: str, variant: Any
) -> None:
    assert ada.api.delete(f"/variants/{variant['id']}").status == 204
    for answer in _every_way_in(ada, variant["id"]):
        assert (answer.status, answer.codes) == (404, ["VARIANT_NOT_FOUND"])
    assert ada.api.get(f"/posts/{post_id}/variants").json == {"data": []}


def _every_way_in(author: Account, variant_id: str) -> list[ApiAnswer]:
    path = f"/variants/{variant_id}"
    return [
        author.api.get(path),
        author.api.patch(path, {"content": "x"}),
        author.api.post(f"{path}/mark-ready"),
        author.api.delete(path),
        author.api.delete(path, force=True),
    ]


def test_another_organizations_variant_is_refused(
    ada: Account, ben: Account, post_id: str, variant: Any
) -> None:
    for answer in _every_way_in(ben, variant["id"]):
        assert (answer.status, answer.codes) == (403, ["VARIANT_ACCESS_DENIED"])
    for answer in (
        ben.api.get(f"/posts/{post_id}/variants"),
        _try_to_write(ben, post_id),
    ):
        assert (answer.status, answer.codes) == (403, ["POST_ACCESS_DENIED"])
    assert ada.api.get(f"/posts/{post_id}/variants").json["data"] == [variant]


@pytest.mark.parametrize("unknown", [str(uuid4()), "abc", "1"])
def test_an_unknown_id_is_not_found(ada: Account, unknown: str) -> None:
    for answer in _every_way_in(ada, unknown):
        assert (answer.status, answer.codes) == (404, ["VARIANT_NOT_FOUND"])
    for answer in (ada.api.get(f"/posts/{unknown}/variants"), _try_to_write(ada, unknown)):
        assert (answer.status, answer.codes) == (404, ["POST_NOT_FOUND"])


def test_nobody_in_particular_gets_nothing(api: Api, variant: Any) -> None:
    for answer in (api.get(f"/variants/{variant['id']}"), api.delete(f"/variants/{variant['id']}")):
        assert (answer.status, answer.codes) == (401, ["UNAUTHORIZED"])
