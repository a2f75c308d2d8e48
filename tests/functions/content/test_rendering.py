"""Templates filled in, through the front door."""

from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.api import ApiAnswer


def _template(author: Account, body: str, *variables: dict[str, Any]) -> str:
    words = {"name": "Tea", "template_body": body, "variables": list(variables)}
    answer = author.api.post("/templates", words)
    assert answer.status == 201, answer.content
    return f"/templates/{answer.json['data']['id']}"


def _render(author: Account, path: str, values: Any, **query: Any) -> ApiAnswer:
    return author.api.request("POST", f"{path}/render", json={"values": values}, query=query)


def _rendered(author: Account, path: str, values: Any) -> str:
    answer = _render(author, path, values)
    assert answer.status == 200, answer.content
    made: str = answer.json["data"]["rendered_content"]
    return made


def test_values_come_out_as_they_went_in(ada: Account) -> None:
    path = _template(ada, "{{b}}-{{a}}-{{b}} {{ a }} {a} {{{a}}} {{größe}}")
    values = {"a": r"\1 \g<0> $& {{b}}", "b": "<b>{{a}}</b>", "größe": "٤ 👩‍🚀", "c": "nobody's"}
    answer = _render(ada, path, values)
    a, b = values["a"], values["b"]
    assert answer.json["data"] == {
        "rendered_content": f"{b}-{a}-{b} {{{{ a }}}} {{a}} {{{a}}} ٤ 👩‍🚀",
        "placeholders_used": ["b", "a", "größe"],
    }


def test_all_that_are_missing_are_named(ada: Account) -> None:
    path = _template(ada, "{{b}} {{a}} {{c}} {{b}}")
    answer = _render(ada, path, {"c": "", "a": None})
    assert (answer.status, answer.codes) == (400, ["MISSING_PLACEHOLDER_VALUES"])
    (problem,) = answer.json["errors"]
    assert problem["error_description"] == "Missing placeholder values: b, a"
    assert problem["meta"] == {"missing": ["b", "a"]}


def test_nothing_to_fill_in_needs_no_values(ada: Account) -> None:
    path = _template(ada, "As it is")
    answer = ada.api.post(f"{path}/render", {})
    assert answer.json["data"] == {"rendered_content": "As it is", "placeholders_used": []}


SIZE = {"key": "v", "type": "select", "options": ["S", "M"]}
PRICE = {"key": "v", "type": "number", "min": 1, "max": 9.5}
NOTE = {"key": "v", "type": "checkbox", "options": ["Vegan!", ""]}
FLAG = {"key": "v", "type": "checkbox"}
LINE = {"key": "v", "type": "text"}
LINES = {"key": "v", "type": "textarea", "default": "none"}


@pytest.mark.parametrize(
    ("variable", "given", "made"),
    [
        (SIZE, "M", "M"),
        (SIZE, None, ""),
        (PRICE, 5, "5"),
        (PRICE, 5.0, "5"),
        (PRICE, 9.5, "9.5"),
        (PRICE, " 5.50 ", "5.50"),
        (PRICE, "", ""),
        (NOTE, True, "Vegan!"),
        (NOTE, "false", ""),
        (NOTE, None, ""),
        (FLAG, True, "yes"),
        (FLAG, None, "no"),
        (LINE, 1e20, "1" + "0" * 20),
        (LINE, "a\nb", "a\nb"),
        (LINES, None, "none"),
        (LINES, "  ", ""),
    ],
    ids=repr,
)
def test_values_are_written_as_they_were_declared(
    ada: Account, variable: dict[str, Any], given: Any, made: str
) -> None:
    assert _rendered(ada, _template(ada, "[{{v}}]", variable), {"v": given}) == f"[{made}]"


@pytest.mark.parametrize(
    ("variable", "given", "meta"),
    [
        (SIZE, "L", {"type": "select", "options": ["S", "M"]}),
        (SIZE, "s", {"type": "select", "options": ["S", "M"]}),
        (PRICE, 0.99, {"type": "number", "min": 1, "max": 9.5}),
        (PRICE, 9.51, {"type": "number", "min": 1, "max": 9.5}),
        (PRICE, "five", {"type": "number", "min": 1, "max": 9.5}),
        (PRICE, "1e0", {"type": "number", "min": 1, "max": 9.5}),
        (PRICE, True, {"type": "number", "min": 1, "max": 9.5}),
        (FLAG, "perhaps", {"type": "checkbox"}),
        (LINE, True, {"type": "text"}),
    ],
    ids=repr,
)
def test_what_is_not_what_was_declared_is_refused(
    ada: Account, variable: dict[str, Any], given: Any, meta: dict[str, Any]
) -> None:
    answer = _render(ada, _template(ada, "{{v}}", variable), {"v": given})
    assert (answer.status, answer.codes) == (400, ["INVALID_PLACEHOLDER_VALUE"])
    (problem,) = answer.json["errors"]
    assert (problem["field"], problem["meta"]) == ("values.v", meta)


def test_all_that_is_wrong_is_told_at_once(ada: Account) -> None:
    path = _template(
        ada,
        "{{size}} {{price}} {{who}} {{undeclared}}",
        {**SIZE, "key": "size"},
        {**PRICE, "key": "price"},
        {"key": "who", "required": True, "default": "all"},
        {"key": "unused", "required": True},
    )
    answer = _render(ada, path, {"size": "XL", "price": 10, "who": " ", "unused": 5})
    assert [(each["error_code"], each["field"]) for each in answer.json["errors"]] == [
        ("MISSING_PLACEHOLDER_VALUES", "values"),
        ("INVALID_PLACEHOLDER_VALUE", "values.size"),
        ("INVALID_PLACEHOLDER_VALUE", "values.price"),
    ]
    assert answer.json["errors"][0]["meta"] == {"missing": ["who", "undeclared"]}
    assert _rendered(ada, path, {"size": "S", "undeclared": "x"}) == "S  all x"


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {"a": []},
        {"a": {"b": 1}},
        {"a": "\0"},
        {"a": "\ud800"},
        {"\0": "a"},
        {"a": float("nan")},
        {"a": "x" * 5001},
        {f"v{number}": "x" for number in range(101)},
    ],
    ids=lambda values: repr(values)[:40],
)
def test_what_nobody_would_fill_in_is_refused(ada: Account, values: Any) -> None:
    answer = _render(ada, _template(ada, "{{a}}"), values)
    assert (answer.status, set(answer.codes)) == (400, {"VALIDATION_ERROR"})


def test_a_bomb_does_not_go_off(ada: Account) -> None:
    path = _template(ada, "{{a}}" * 1000)
    answer = _render(ada, path, {"a": "x" * 5000})
    assert (answer.status, answer.codes) == (400, ["RENDERED_TOO_LONG"])
    assert answer.json["errors"][0]["meta"] == {"count": 5_000_000, "limit": 50_000}
    assert len(_rendered(ada, path, {"a": "x" * 50})) == 50_000


def test_uses_are_counted_and_previews_are_not(ada: Account) -> None:
    path = _template(ada, "{{a}}")
    before = ada.api.get(path).json["data"]
    assert _render(ada, path, {"a": 1}, preview="true").json["data"]["rendered_content"] == "1"
    assert _render(ada, path, {}).status == 400
    assert ada.api.get(path).json["data"] == before
    for _ in range(2):
        _rendered(ada, path, {"a": "x"})
    after = ada.api.get(path).json["data"]
    assert after["usage_count"] == 2
    assert after["last_used_at"] > before["created_at"]
    unchanged = before.keys() - {"usage_count", "last_used_at"}
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}


def test_what_happens_to_a_template_is_told(ada: Account) -> None:
    path = _template(ada, "{{a}}")
    _render(ada, path, {"a": "x"}, preview="true")
    _rendered(ada, path, {"a": "x"})
    ada.api.patch(path, {"name": "Cake"})
    ada.api.delete(path)
    with engine().connect() as database:
        told = database.execute(
            text(
                "SELECT name, actor_id, organization_id, details FROM business_events"
                " WHERE subject_id = :id ORDER BY occurred_at"
            ),
            {"id": path.rpartition("/")[2]},
        ).all()
    assert [(each.name, each.details["name"]) for each in told] == [
        ("TEMPLATE_CREATED", "Tea"),
        ("TEMPLATE_USED", "Tea"),
        ("TEMPLATE_UPDATED", "Cake"),
        ("TEMPLATE_DELETED", "Cake"),
    ]
    whose = {(each.actor_id, each.organization_id) for each in told}
    assert whose == {(ada.user_id, ada.organization_id)}


def test_the_examples_can_be_pasted(ada: Account) -> None:
    from functions.content.templates import app

    schemas = app.openapi()["components"]["schemas"]
    create, update, render = (
        schemas[name]["examples"][0]
        for name in ("CreateTemplate", "UpdateTemplate", "RenderTemplate")
    )
    made = ada.api.post("/templates", create)
    assert made.status == 201, made.content
    path = f"/templates/{made.json['data']['id']}"
    assert ada.api.patch(path, update).status == 200
    filled = ada.api.post(f"{path}/render", render).json["data"]["rendered_content"]
    assert filled == "This week: Asparagus for 9.5 €. Vegan!"
