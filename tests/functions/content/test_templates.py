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
