"""Templates through the front door: written, read, listed, edited, deleted, copied."""

from typing import Any
from uuid import uuid4

import pytest

from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.colleagues import colleague

BODY = "{{greeting}}, {{name}}! {{greeting}}"


def _write(author: Account, **words: Any) -> Any:
    answer = author.api.post("/templates", {"name": "Tea", "template_body": BODY, **words})
    assert answer.status == 201, answer.content
    return answer.json["data"]


def _names(answer: ApiAnswer) -> list[str]:
    assert answer.status == 200, answer.content
    return [each["name"] for each in answer.json["data"]]


def _problems(answer: ApiAnswer) -> dict[str, str]:
    assert answer.status == 400, answer.content
    return {each["field"]: each["error_code"] for each in answer.json["errors"]}


VARIABLE = {
    "key": "name",
    "label": "Whom?",
    "type": "text",
    "required": True,
    "default": None,
    "options": [],
    "min": None,
    "max": None,
}


def test_a_template_is_kept_as_it_was_written(ada: Account) -> None:
    number = {**VARIABLE, "key": "price", "type": "number", "min": 1.0, "max": 9.5, "default": 2}
    template = _write(
        ada,
        name=" <b>Tea</b>  at <3 ",
        description='<p onclick="x()">5 < 6</p>',
        template_body="<b>{{name}}</b>\n5 < 6 {{ spaced }} {{greeting}}",
        category="marketing",
        variables=[VARIABLE, number],
        default_channel_id="mastodon",
        constraints={"max_length": 280},
        default_options={"tone": ["dry"]},
        is_public=True,
    )
    assert template == {
        "id": template["id"],
        "name": "Tea at <3",
        "description": "<p>5 < 6</p>",
        "template_body": "<b>{{name}}</b>\n5 < 6 {{ spaced }} {{greeting}}",
        "placeholders": ["name", "greeting"],
        "variables": [VARIABLE, number],
        "unused_variables": ["price"],
        "category": "marketing",
        "default_channel_id": "mastodon",
        "constraints": {"max_length": 280},
        "default_options": {"tone": ["dry"]},
        "is_public": True,
        "usage_count": 0,
        "last_used_at": None,
        "created_by": str(ada.user_id),
        "created_at": template["created_at"],
        "updated_at": template["created_at"],
    }
    assert ada.api.get(f"/templates/{template['id']}").json == {"data": template}


def test_a_name_and_a_text_are_enough(ada: Account) -> None:
    template = _write(ada)
    assert (template["category"], template["variables"]) == ("custom", [])
    assert (template["description"], template["is_public"]) == (None, False)


@pytest.mark.parametrize("blank", [None, "", " \n", "<b></b>"])
def test_a_name_is_required(ada: Account, blank: str | None) -> None:
    answer = ada.api.post("/templates", {"name": blank, "template_body": "x"})
    assert _problems(answer) == {"name": "TEMPLATE_NAME_AND_BODY_REQUIRED"}


@pytest.mark.parametrize("body", [{}, {"name": None, "template_body": " "}])
def test_name_and_text_are_asked_for_together(ada: Account, body: dict[str, Any]) -> None:
    assert _problems(ada.api.post("/templates", body)) == {
        "name": "TEMPLATE_NAME_AND_BODY_REQUIRED",
        "template_body": "TEMPLATE_NAME_AND_BODY_REQUIRED",
    }


def test_all_that_is_wrong_is_told_at_once(ada: Account) -> None:
    select = {"key": "size", "type": "select", "options": ["S", "M"], "default": "L"}
    body = {
        "name": "x" * 201,
        "description": "x" * 1001,
        "template_body": "x" * 5001,
        "constraints": {"big": "x" * 16_384},
        "default_options": {"a": "\0"},
        "variables": [
            {"key": "a b", "options": ["x"]},
            {"key": "name", "min": 1},
            {"key": "name", "type": "number", "min": 2, "max": 1},
            {**select, "label": "x" * 101},
            {"key": "flag", "type": "checkbox", "options": ["on"], "default": "maybe"},
            {"key": "none", "type": "select"},
        ],
    }
    assert _problems(ada.api.post("/templates", body)) == {
        "name": "VALIDATION_ERROR",
        "description": "VALIDATION_ERROR",
        "template_body": "VALIDATION_ERROR",
        "constraints": "VALIDATION_ERROR",
        "default_options": "VALIDATION_ERROR",
        "variables.0.key": "INVALID_TEMPLATE_VARIABLE",
        "variables.0.options": "INVALID_TEMPLATE_VARIABLE",
        "variables.1.key": "DUPLICATE_VARIABLE_KEY",
        "variables.1.min": "INVALID_TEMPLATE_VARIABLE",
        "variables.2.key": "DUPLICATE_VARIABLE_KEY",
        "variables.2.min": "INVALID_TEMPLATE_VARIABLE",
        "variables.3.label": "INVALID_TEMPLATE_VARIABLE",
        "variables.3.default": "INVALID_TEMPLATE_VARIABLE",
        "variables.4.options": "INVALID_TEMPLATE_VARIABLE",
        "variables.4.default": "INVALID_TEMPLATE_VARIABLE",
        "variables.5.options": "INVALID_TEMPLATE_VARIABLE",
    }
    assert _names(ada.api.get("/templates")) == []


@pytest.mark.parametrize(
    "change",
    [
        {"name": "a\0b"},
        {"name": "\ud800"},
        {"description": "\ud800"},
        {"template_body": "\0"},
        {"template_body": ["x"]},
        {"category": "recipes"},
        {"category": None},
        {"is_public": None},
        {"constraints": []},
        {"constraints": {"a": float("nan")}},
        {"variables": [{"key": f"v{number}"} for number in range(21)]},
        {"variables": [{}]},
        {"variables": [{"key": "x", "type": "date"}]},
        {"variables": [{"key": "x", "default": {"a": 1}}]},
        {"variables": [{"key": "x", "default": "\0"}]},
        {"variables": [{"key": "x", "default": "x" * 5001}]},
        {"variables": [{"key": "x", "type": "number", "max": float("inf")}]},
        {"variables": [{"key": "x", "type": "select", "options": ["\0"]}]},
        {"variables": [{"key": "x", "type": "select", "options": [" "]}]},
        {"variables": [{"key": "x", "type": "select", "options": ["a", "a"]}]},
        {"variables": [{"key": "x", "type": "select", "options": [str(n) for n in range(51)]}]},
    ],
    ids=lambda change: repr(change)[:60],
)
def test_what_cannot_be_kept_is_refused(ada: Account, change: dict[str, Any]) -> None:
    (field,) = change
    template = _write(ada)
    for answer in (
        ada.api.post("/templates", {"name": "Other", "template_body": BODY, **change}),
        ada.api.patch(f"/templates/{template['id']}", change),
    ):
        assert any(place.startswith(field) for place in _problems(answer))
    assert ada.api.get("/templates").json["data"] == [template]


def test_what_is_absent_stays_and_null_clears(ada: Account) -> None:
    template = _write(
        ada,
        description="Daily",
        default_channel_id="bluesky",
        variables=[VARIABLE],
        constraints={"a": 1},
        default_options={"b": 2},
        category="seasonal",
        is_public=True,
    )
    path = f"/templates/{template['id']}"
    untouched = ada.api.patch(path, {"usage_count": 9, "created_by": str(uuid4())}).json["data"]
    assert {**untouched, "updated_at": template["updated_at"]} == template
    names = ("description", "default_channel_id", "variables", "constraints", "default_options")
    cleared = ada.api.patch(path, dict.fromkeys(names)).json["data"]
    assert [cleared[name] for name in names] == [None, None, [], {}, {}]
    assert (cleared["category"], cleared["is_public"], cleared["name"]) == ("seasonal", True, "Tea")
    for name in ("name", "template_body"):
        assert _problems(ada.api.patch(path, {name: None})) == {
            name: "TEMPLATE_NAME_AND_BODY_REQUIRED"
        }


def test_a_default_channel_is_one_there_is(ada: Account) -> None:
    template = _write(ada)
    for answer in (
        ada.api.post(
            "/templates", {"name": "x", "template_body": "x", "default_channel_id": "fax"}
        ),
        ada.api.patch(f"/templates/{template['id']}", {"default_channel_id": "x" * 99}),
    ):
        assert (answer.status, answer.codes) == (404, ["CHANNEL_NOT_FOUND"])
        assert answer.json["errors"][0]["field"] == "default_channel_id"


def test_an_author_has_one_of_a_name(api: Api, chief: Account, ada: Account) -> None:
    template = _write(ada, name="Éclair", is_public=True)
    again = ada.api.post("/templates", {"name": "éCLAIR ", "template_body": "x"})
    assert (again.status, again.codes) == (409, ["TEMPLATE_NAME_TAKEN"])
    other = _write(ada, name="Tart")
    renamed = ada.api.patch(f"/templates/{other['id']}", {"name": "ÉCLAIR"})
    assert (renamed.status, renamed.codes) == (409, ["TEMPLATE_NAME_TAKEN"])
    same = ada.api.patch(f"/templates/{template['id']}", {"name": "ÉCLAIR"})
    assert (same.status, same.json["data"]["name"]) == (200, "ÉCLAIR")
    _write(colleague(api, chief, ada), name="Éclair")
    assert ada.api.delete(f"/templates/{template['id']}").status == 204
    _write(ada, name="Éclair")


def test_a_deleted_template_is_gone(ada: Account) -> None:
    path = f"/templates/{_write(ada)['id']}"
    deleted = ada.api.delete(path)
    assert (deleted.status, deleted.content) == (204, b"")
    for answer in (
        ada.api.get(path),
        ada.api.patch(path, {"name": "x"}),
        ada.api.post(f"{path}/render", {}),
        ada.api.post(f"{path}/duplicate"),
        ada.api.delete(path),
        ada.api.get("/templates/nonsense"),
    ):
        assert (answer.status, answer.codes) == (404, ["TEMPLATE_NOT_FOUND"])
    assert _names(ada.api.get("/templates")) == []


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
