"""Tags: which there are, their colours, and other names for them."""

from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import event

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.members import member


@pytest.fixture
def tagged(ada: Account, ben: Account) -> list[str]:
    """Ada's three posts, the third of them deleted, and one of Ben's."""
    ids = []
    for tags in (["tea", "hot"], ["hot", "24/7"], ["tea"]):
        body = {"description": "At four", "tags": tags}
        ids.append(ada.api.post("/posts", body).json["data"]["id"])
    ada.api.delete(f"/posts/{ids[2]}")
    ben.api.post("/posts", {"description": "Ben's", "tags": ["tea", "Ben's own"]})
    return ids


def _tags(api: Api, **query: Any) -> list[tuple[str, str | None, int]]:
    answer = api.get("/tags", **query)
    assert answer.status == 200, answer.content
    return [(tag["name"], tag["colour"], tag["posts_count"]) for tag in answer.json["data"]]


def _change(api: Api, tag: str, **changes: Any) -> ApiAnswer:
    return api.request("PATCH", f"/tags/{quote(tag, safe='')}", json=changes)


def _of(api: Api, post: str) -> Any:
    return api.get(f"/posts/{post}").json["data"]["tags"]


def test_tags_are_counted(ada: Account, ben: Account, tagged: list[str]) -> None:
    assert _tags(ada.api) == [("hot", None, 2), ("24/7", None, 1), ("tea", None, 1)]
    assert _tags(ben.api) == [("Ben's own", None, 1), ("tea", None, 1)]
    assert _tags(ada.api, search="T") == [("hot", None, 2), ("tea", None, 1)]
    assert _tags(ada.api, limit=1, offset=1) == [("24/7", None, 1)]
    assert ada.api.get("/tags", limit=1).json["pagination"]["total"] == 3


def test_a_tag_has_a_colour(ada: Account, ben: Account, tagged: list[str]) -> None:
    answer = _change(ada.api, "tea", colour="#2E8B57")
    assert answer.status == 200
    assert answer.json["data"] == {"name": "tea", "colour": "#2e8b57", "posts_count": 1}
    assert _change(ada.api, "not yet used", colour="#000000").json["data"]["posts_count"] == 0
    assert _tags(ada.api)[1:] == [
        ("24/7", None, 1),
        ("tea", "#2e8b57", 1),
        ("not yet used", "#000000", 0),
    ]
    assert ("tea", None, 1) in _tags(ben.api)
    assert _change(ada.api, "tea", colour=None).json["data"]["colour"] is None


def test_a_new_name_goes_onto_every_post(ada: Account, ben: Account, tagged: list[str]) -> None:
    _change(ada.api, "hot", colour="#ff0000")
    before = ada.api.get(f"/posts/{tagged[0]}").json["data"]
    answer = _change(ada.api, "hot", name=" warm ")
    assert answer.json["data"] == {"name": "warm", "colour": "#ff0000", "posts_count": 2}
    after = ada.api.get(f"/posts/{tagged[0]}").json["data"]
    assert after == {**before, "tags": ["tea", "warm"], "version": 2}, "it was not edited"
    assert _of(ada.api, tagged[1]) == ["warm", "24/7"]
    _change(ada.api, "tea", name="chai")
    ada.api.post(f"/posts/{tagged[2]}/restore")
    assert _of(ada.api, tagged[2]) == ["chai"], "also what was deleted meanwhile"
    assert ("tea", None, 1) in _tags(ben.api)


def test_two_tags_become_one(ada: Account, tagged: list[str]) -> None:
    _change(ada.api, "tea", colour="#00ff00")
    answer = _change(ada.api, "tea", name="hot")
    assert answer.json["data"] == {"name": "hot", "colour": "#00ff00", "posts_count": 2}
    assert _of(ada.api, tagged[0]) == ["hot"]
    assert [name for name, _, _ in _tags(ada.api)] == ["hot", "24/7"]


def test_a_name_may_have_anything_in_it(ada: Account, tagged: list[str]) -> None:
    assert _change(ada.api, "24/7", name="day & night?").json["data"]["posts_count"] == 1
    assert _of(ada.api, tagged[1]) == ["hot", "day & night?"]
    assert _change(ada.api, "day & night?", name="\U0001f319 שלום").status == 200
    assert _of(ada.api, tagged[1]) == ["hot", "\U0001f319 שלום"]


def test_a_tag_is_taken_off_every_post(ada: Account, ben: Account, tagged: list[str]) -> None:
    _change(ada.api, "tea", colour="#00ff00")
    answer = ada.api.delete("/tags/tea")
    assert (answer.status, answer.content) == (204, b"")
    assert _of(ada.api, tagged[0]) == ["hot"]
    ada.api.post(f"/posts/{tagged[2]}/restore")
    assert _of(ada.api, tagged[2]) == []
    assert ("tea", None, 1) in _tags(ben.api)
    assert ada.api.delete("/tags/tea").codes == ["TAG_NOT_FOUND"]


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"name": "new"}, 404, "TAG_NOT_FOUND", None),
        ({"name": "x" * 51}, 400, "VALIDATION_ERROR", "name"),
        ({"name": " "}, 400, "VALIDATION_ERROR", "name"),
        ({"name": "a\0"}, 400, "VALIDATION_ERROR", "name"),
        ({"colour": "red"}, 400, "VALIDATION_ERROR", "colour"),
        ({"colour": "#12345"}, 400, "VALIDATION_ERROR", "colour"),
        ({"colour": "#123456\n"}, 400, "VALIDATION_ERROR", "colour"),
        ({"colour": 5}, 400, "VALIDATION_ERROR", "colour"),
    ],
)
def test_what_makes_no_sense_is_refused(
    ada: Account, changes: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    answer = _change(ada.api, "unknown", **changes)
    assert (answer.status, answer.codes) == (status, [code])
    assert answer.json["errors"][0].get("field") == field
    assert _tags(ada.api) == []


def test_names_that_no_tag_has_are_refused(ada: Account) -> None:
    for name in ("x" * 51, "\x00"):
        assert _change(ada.api, name, colour="#000000").status == 400
    for name in ("unknown", "x" * 51):
        assert ada.api.delete(f"/tags/{name}").codes == ["TAG_NOT_FOUND"]


def test_tags_are_for_those_who_may_change_everybodys_posts(
    api: Api, chief: Account, ada: Account, tagged: list[str]
) -> None:
    colleague = member(api, chief, ada.organization_id, "user")
    assert _tags(colleague) == _tags(ada.api)
    for answer in (_change(colleague, "tea", name="chai"), colleague.delete("/tags/tea")):
        assert (answer.status, answer.codes) == (403, ["TAG_ACCESS_DENIED"])
    assert _of(ada.api, tagged[0]) == ["tea", "hot"]


def test_a_tag_that_is_deleted_meanwhile_is_kept_until_it_is_changed(ada: Account) -> None:
    _change(ada.api, "tea", colour="#2e8b57")
    deleting = Thread(target=_delete_tags)

    def delete(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if statement.startswith("INSERT INTO tags"):
            deleting.start()
            deleting.join(0.3)

    event.listen(engine(), "after_cursor_execute", delete)
    try:
        answer = _change(ada.api, "tea", colour="#000000")
    finally:
        event.remove(engine(), "after_cursor_execute", delete)
    deleting.join()
    assert (answer.status, answer.json["data"]["colour"]) == (200, "#000000")
    assert _tags(ada.api) == []


def _delete_tags() -> None:
    with engine().begin() as database:
        database.exec_driver_sql("DELETE FROM tags")
