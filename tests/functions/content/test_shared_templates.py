"""Templates through the front door: who sees which, copies, and lists."""

from typing import Any

import pytest

from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.colleagues import colleague

BODY = "{{greeting}}, {{name}}! {{greeting}}"
VARIABLE = {"key": "name", "label": "Whom?", "required": True}


def _write(author: Account, **words: Any) -> Any:
    answer = author.api.post("/templates", {"name": "Tea", "template_body": BODY, **words})
    assert answer.status == 201, answer.content
    return answer.json["data"]


def _names(answer: ApiAnswer) -> list[str]:
    assert answer.status == 200, answer.content
    return [each["name"] for each in answer.json["data"]]


def test_another_organization_has_its_own(ada: Account, ben: Account) -> None:
    path = f"/templates/{_write(ada, is_public=True)['id']}"
    for answer in (
        ben.api.get(path),
        ben.api.patch(path, {"name": "x"}),
        ben.api.post(f"{path}/render", {"values": {"name": "x", "greeting": "x"}}),
        ben.api.post(f"{path}/duplicate"),
        ben.api.delete(path),
    ):
        assert (answer.status, answer.codes) == (403, ["TEMPLATE_ACCESS_DENIED"])
    assert _names(ben.api.get("/templates")) == []
    assert ada.api.get(path).json["data"]["usage_count"] == 0


def test_the_organization_sees_what_is_public(api: Api, chief: Account, ada: Account) -> None:
    shared, private = _write(ada, name="Shared", is_public=True), _write(ada, name="Private")
    writer, editor = (colleague(api, chief, ada, role) for role in ("user", "editor"))
    assert _names(writer.api.get("/templates")) == ["Shared"]
    assert writer.api.get(f"/templates/{shared['id']}").status == 200
    for answer in (
        writer.api.get(f"/templates/{private['id']}"),
        writer.api.post(f"/templates/{private['id']}/render", {}),
        writer.api.post(f"/templates/{private['id']}/duplicate"),
        writer.api.patch(f"/templates/{shared['id']}", {"name": "x"}),
        writer.api.delete(f"/templates/{shared['id']}"),
    ):
        assert (answer.status, answer.codes) == (403, ["TEMPLATE_ACCESS_DENIED"])
    assert set(_names(editor.api.get("/templates"))) == {"Shared", "Private"}
    assert editor.api.patch(f"/templates/{private['id']}", {"category": "seasonal"}).status == 200
    assert editor.api.delete(f"/templates/{private['id']}").status == 204


def test_whether_one_may_is_answered_as_it_is(api: Api, chief: Account, ada: Account) -> None:
    shared, private = _write(ada, name="Shared", is_public=True), _write(ada, name="Private")
    writer = colleague(api, chief, ada, "user")
    checks = [
        {"resource": "templates", "action": action, "resource_id": template["id"]}
        for action in ("read", "write")
        for template in (shared, private)
    ]
    answers = writer.api.post("/acl/check", {"checks": checks}).json["data"]
    assert [each["allowed"] for each in answers] == [True, False, False, False]


def test_a_copy_is_its_makers_own(api: Api, chief: Account, ada: Account) -> None:
    source = _write(
        ada, variables=[VARIABLE], constraints={"a": 1}, is_public=True, category="seasonal"
    )
    writer = colleague(api, chief, ada, "user")
    copies = [writer.api.post(f"/templates/{source['id']}/duplicate") for _ in range(3)]
    assert [each.status for each in copies] == [201] * 3
    made = [each.json["data"] for each in copies]
    assert [each["name"] for each in made] == ["Tea (copy)", "Tea (copy 2)", "Tea (copy 3)"]
    own = {"id", "name", "is_public", "created_by", "created_at", "updated_at"}
    assert {name: made[0][name] for name in made[0].keys() - own} == {
        name: source[name] for name in source.keys() - own
    }
    assert (made[0]["created_by"], made[0]["is_public"]) == (str(writer.user_id), False)
    again = writer.api.post(f"/templates/{made[0]['id']}/duplicate").json["data"]
    assert again["name"] == "Tea (copy) (copy)"


def test_a_copy_of_a_long_name_fits(ada: Account) -> None:
    source = _write(ada, name="x" * 200)
    names = [
        ada.api.post(f"/templates/{source['id']}/duplicate").json["data"]["name"] for _ in range(2)
    ]
    assert names == ["x" * 193 + " (copy)", "x" * 191 + " (copy 2)"]


def test_lists_are_filtered_sorted_and_cut(api: Api, chief: Account, ada: Account) -> None:
    _write(ada, name="apple 100%", category="seasonal", default_channel_id="mastodon")
    _write(ada, name="Banana", description="with apple", is_public=True)
    _write(colleague(api, chief, ada), name="cherry", category="seasonal", is_public=True)
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["cherry", "Banana", "apple 100%"]),
        ({"sort": "name", "order": "asc"}, ["apple 100%", "Banana", "cherry"]),
        ({"sort": "created_at", "order": "asc"}, ["apple 100%", "Banana", "cherry"]),
        ({"owner": "me", "sort": "name"}, ["Banana", "apple 100%"]),
        ({"category": "seasonal"}, ["cherry", "apple 100%"]),
        ({"search": "APPLE"}, ["Banana", "apple 100%"]),
        ({"search": "0%"}, ["apple 100%"]),
        ({"search": "_"}, []),
        ({"name": "apple"}, ["apple 100%"]),
        ({"default_channel_id": "mastodon"}, ["apple 100%"]),
        ({"limit": 1, "offset": 1}, ["Banana"]),
    ]
    for query, names in cases:
        assert _names(ada.api.get("/templates", **query)) == names, query
    meta = ada.api.get("/templates", limit=1, offset=1).json["meta"]
    assert meta == {"total": 3, "limit": 1, "offset": 1}


@pytest.mark.parametrize(
    "query",
    [{"owner": "you"}, {"category": "x"}, {"sort": "id"}, {"limit": 101}, {"search": "\0"}],
    ids=repr,
)
def test_a_list_that_cannot_be_meant_is_refused(ada: Account, query: dict[str, Any]) -> None:
    assert ada.api.get("/templates", **query).status == 400
