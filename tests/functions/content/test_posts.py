"""Posts through the front door."""

from typing import Any
from uuid import uuid4

import pytest

from tests.accounts import Account
from tests.api import ApiAnswer


def _write(author: Account, **body: Any) -> Any:
    answer = author.api.post("/posts", {"description": "At four", **body})
    assert answer.status == 201, answer.content
    return answer.json["data"]


def test_a_new_post_is_a_draft_of_its_author(ada: Account) -> None:
    post = _write(ada, title="Tea", tags=["tea", "four", "tea "], metadata={"a": [1, None]})
    assert post == {
        "id": post["id"],
        "title": "Tea",
        "description": "At four",
        "tags": ["tea", "four"],
        "status": "draft",
        "metadata": {"a": [1, None]},
        "created_by": str(ada.user_id),
        "created_at": post["created_at"],
        "updated_at": post["created_at"],
        "published_at": None,
        "version": 1,
    }
    assert post["created_at"].endswith("Z")
    assert ada.api.get(f"/posts/{post['id']}").json == {"data": post}


@pytest.mark.parametrize("body", [{}, {"description": None}, {"description": " \n"}])
def test_a_description_is_required(ada: Account, body: dict[str, Any]) -> None:
    answer = ada.api.post("/posts", body)
    assert (answer.status, answer.codes) == (400, ["DESCRIPTION_REQUIRED"])
    assert answer.json["errors"][0]["field"] == "description"


def test_a_description_of_nothing_harmless_is_none(ada: Account) -> None:
    answer = ada.api.post("/posts", {"description": "<script>alert(1)</script>"})
    assert (answer.status, answer.codes) == (400, ["DESCRIPTION_REQUIRED"])


def test_all_that_is_wrong_is_told_at_once(ada: Account) -> None:
    answer = ada.api.post(
        "/posts",
        {
            "title": "x" * 201,
            "description": "",
            "tags": ["x" * 51],
            "metadata": {"big": "x" * 16_384},
        },
    )
    assert answer.status == 400
    assert {error["field"]: error["error_code"] for error in answer.json["errors"]} == {
        "title": "VALIDATION_ERROR",
        "description": "DESCRIPTION_REQUIRED",
        "tags": "VALIDATION_ERROR",
        "metadata": "VALIDATION_ERROR",
    }


DEEP: Any = 1
for _ in range(30):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "change",
    [
        {"description": "a\0b"},
        {"title": "a\0b"},
        {"tags": ["a\0b"]},
        {"metadata": {"a": "\0"}},
        {"metadata": {"a\0": 1}},
        {"description": "\ud800"},
        {"title": "\udfff"},
        {"tags": ["\ud800"]},
        {"metadata": {"a": ["\ud800"]}},
        {"metadata": {"a": {"\ud800": 1}}},
        {"metadata": {"a": float("nan")}},
        {"metadata": {"a": [float("inf")]}},
        {"metadata": {"a": DEEP}},
        {"metadata": []},
        {"description": 5},
        {"description": "x" * 50_001},
        {"title": []},
        {"tags": "tea"},
        {"tags": [" "]},
        {"tags": [f"tag {number}" for number in range(51)]},
        {"tags": [f"tag {number}" for number in range(101)]},
        {"tags": ["\x01\x7f"]},
    ],
    ids=repr,
)
def test_what_cannot_be_stored_is_refused(ada: Account, change: dict[str, Any]) -> None:
    (field,) = change
    post = _write(ada)
    for answer in (
        ada.api.post("/posts", {"description": "At four", **change}),
        ada.api.patch(f"/posts/{post['id']}", change),
    ):
        assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
        assert answer.json["errors"][0]["field"].startswith(field)
    assert ada.api.get(f"/posts/{post['id']}").json["data"] == post


def test_markup_is_cleaned_and_text_is_kept(ada: Account) -> None:
    post = _write(
        ada,
        title="<b>Tea</b> & <i>cake</i> <3",
        description='<p onclick="x()">5 < 6 & 7</p><script>x()</script>',
    )
    assert post["title"] == "Tea & cake <3"
    assert post["description"] == "<p>5 < 6 & 7</p>"
    verbatim = "a < b and c > d, 5 < 6 & 7 &lt;"
    assert _write(ada, description=verbatim)["description"] == verbatim
    patched = ada.api.patch(f"/posts/{post['id']}", {"title": "<u>a</u>", "description": "<u>b"})
    assert patched.json["data"]["title"] == "a"
    assert patched.json["data"]["description"] == "<u>b</u>"


def test_what_cannot_be_seen_is_no_part_of_titles_and_tags(ada: Account) -> None:
    post = _write(ada, title=" Tea\tat\r\nfour\x07\x1b ", tags=["hot\ntea", "hot tea"])
    assert post["title"] == "Tea at four"
    assert post["tags"] == ["hot tea"]
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u202b\u05e9\u05dc\u05d5\u05dd\u202c"
    assert _write(ada, title=family, tags=[family])["title"] == family


def test_a_default_channel_makes_the_first_variant(ada: Account) -> None:
    post = _write(
        ada,
        description="<h2>Tea</h2><p>At <b>four</b>,<br>5 &lt; 6 &amp; 7</p><ul><li>Cake</li></ul>",
        default_channel_id="mastodon",
    )
    (variant,) = ada.api.get(f"/posts/{post['id']}/variants").json["data"]
    assert variant["content"] == "Tea\n\nAt four,\n5 < 6 & 7\n\nCake"
    assert (variant["status"], variant["channel_id"]) == ("draft", "mastodon")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"default_channel_id": "myspace"}, 404, "CHANNEL_NOT_FOUND"),
        ({"default_channel_id": "a\0"}, 400, "VALIDATION_ERROR"),
        (
            {"default_channel_id": "mastodon", "description": "x" * 5_000},
            400,
            "CONTENT_TOO_LONG",
        ),
        (
            {"default_channel_id": "mastodon", "description": "<p></p>"},
            400,
            "VARIANT_CONTENT_REQUIRED",
        ),
    ],
)
def test_a_default_channel_that_cannot_have_it_stores_nothing(
    ada: Account, change: dict[str, Any], status: int, code: str
) -> None:
    answer = ada.api.post("/posts", {"description": "At four", **change})
    assert (answer.status, answer.codes) == (status, [code])
    assert ada.api.get("/posts").json["data"] == []


def test_what_is_absent_stays_and_null_clears(ada: Account) -> None:
    post = _write(ada, title="Tea", tags=["tea"], metadata={"a": 1})
    path = f"/posts/{post['id']}"
    nothing = ada.api.patch(path, {"unknown": 1, "status": "published"}).json["data"]
    assert {**nothing, "updated_at": post["updated_at"], "version": 1} == post
    cleared = ada.api.patch(path, {"title": None, "tags": None, "metadata": None}).json["data"]
    assert (cleared["title"], cleared["tags"], cleared["metadata"]) == (None, [], {})
    assert cleared["description"] == "At four"
    assert cleared["updated_at"] > post["updated_at"]
    for blank in (None, "", " "):
        answer = ada.api.patch(path, {"description": blank})
        assert (answer.status, answer.codes) == (400, ["DESCRIPTION_REQUIRED"])
    assert ada.api.get(path).json["data"] == cleared


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b'"x"'])
def test_a_body_that_is_none_is_refused(ada: Account, body: bytes) -> None:
    assert ada.api.request("POST", "/posts", content=body).status == 400


def test_a_deleted_post_is_gone_with_its_variants(ada: Account) -> None:
    post = _write(ada)
    path = f"/posts/{post['id']}"
    variant = ada.api.post(f"{path}/variants", {"channel_id": "mastodon", "content": "Tea"})
    deleted = ada.api.delete(path)
    assert (deleted.status, deleted.content) == (204, b"")
    assert ada.api.get("/posts").json["pagination"]["total"] == 0
    for answer in (
        ada.api.get(path),
        ada.api.patch(path, {"title": "x"}),
        ada.api.delete(path),
        ada.api.get(f"{path}/variants"),
        ada.api.post(f"{path}/variants", {"channel_id": "mastodon", "content": "Tea"}),
    ):
        assert (answer.status, answer.codes) == (404, ["POST_NOT_FOUND"])
    gone = f"/variants/{variant.json['data']['id']}"
    for answer in (
        ada.api.get(gone),
        ada.api.patch(gone, {"content": "x"}),
        ada.api.delete(gone),
        ada.api.post(f"{gone}/mark-ready"),
    ):
        assert (answer.status, answer.codes) == (404, ["VARIANT_NOT_FOUND"])


def _every_way_in(author: Account, post_id: str) -> list[ApiAnswer]:
    return [
        author.api.get(f"/posts/{post_id}"),
        author.api.patch(f"/posts/{post_id}", {"title": "x"}),
        author.api.delete(f"/posts/{post_id}"),
        author.api.delete(f"/posts/{post_id}", force=True),
    ]


def test_another_organizations_post_is_refused(ada: Account, ben: Account) -> None:
    post = _write(ada)
    for answer in _every_way_in(ben, post["id"]):
        assert (answer.status, answer.codes) == (403, ["POST_ACCESS_DENIED"])
    assert ben.api.get("/posts").json["data"] == []
    assert ada.api.get(f"/posts/{post['id']}").json["data"] == post


@pytest.mark.parametrize("post_id", [str(uuid4()), "abc", "1", "%00"])
def test_an_unknown_id_is_not_found(ada: Account, post_id: str) -> None:
    for answer in _every_way_in(ada, post_id):
        assert (answer.status, answer.codes) == (404, ["POST_NOT_FOUND"])


def test_nobody_in_particular_gets_nothing(api: Any, ada: Account) -> None:
    for answer in (api.get("/posts"), api.post("/posts", {"description": "x"})):
        assert (answer.status, answer.codes) == (401, ["UNAUTHORIZED"])
