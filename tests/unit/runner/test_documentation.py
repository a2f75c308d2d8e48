"""One contract from many: nothing lost, nothing mixed up."""

from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from runner.documentation import merged
from runner.refused import Refused


def contract(path: str, **fields: Any) -> dict[str, Any]:
    """A function with one route, whose `Item` is wrapped in a `Box` and has those fields."""
    item = type("Item", (BaseModel,), {"__annotations__": fields, "__module__": __name__})
    box = type("Box", (BaseModel,), {"__annotations__": {"item": item}, "__module__": __name__})
    app = FastAPI(title=path.strip("/").title())
    app.get(path, response_model=box)(lambda: None)
    return app.openapi()


def fields_at(whole: dict[str, Any], path: str) -> set[str]:
    """The fields of the item that a path answers, by following the references."""

    def follow(schema: dict[str, str]) -> Any:
        _, _, kind, name = schema["$ref"].split("/")
        return whole["components"][kind][name]

    content = whole["paths"][path]["get"]["responses"]["200"]["content"]
    box = follow(content["application/json"]["schema"])
    return set(follow(box["properties"]["item"])["properties"])


def test_equal_components_are_one() -> None:
    whole = merged({"A": contract("/a", name=str), "B": contract("/b", name=str)})
    assert set(whole["components"]["schemas"]) == {"Item", "Box"}
    assert set(whole["paths"]) == {"/a", "/b"}
    assert whole["paths"]["/b"]["get"]["tags"] == ["B"]


def test_different_components_of_one_name_keep_apart() -> None:
    whole = merged({"A": contract("/a", name=str), "B": contract("/b", size=int)})
    assert fields_at(whole, "/a") == {"name"}
    assert fields_at(whole, "/b") == {"size"}


def test_methods_of_one_path_come_together() -> None:
    first, second = contract("/a", name=str), contract("/a", name=str)
    second["paths"]["/a"]["delete"] = second["paths"]["/a"].pop("get")
    assert set(merged({"A": first, "B": second})["paths"]["/a"]) == {"get", "delete"}


def test_same_route_of_two_functions_is_refused() -> None:
    with pytest.raises(Refused, match="GET /a"):
        merged({"A": contract("/a", name=str), "B": contract("/a", name=str)})
