"""The HTTP contract: whatever creates for a signed-in caller accepts an idempotency key."""

from collections.abc import Iterator
from typing import Any

import pytest

from runner.template import Function
from tests.architecture.cold import facts
from tests.architecture.tree import HTTP_FUNCTIONS


def _operations(function: Function) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in facts(function)["contract"]["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _creates(name: str, operation: dict[str, Any]) -> bool:
    signed_in = "security" in operation
    return name.startswith("POST ") and "201" in operation["responses"] and signed_in


def _accepts_a_key(operation: dict[str, Any]) -> bool:
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    return "Idempotency-Key" in names and "409" in operation["responses"]


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_what_creates_accepts_an_idempotency_key_and_nothing_else_does(function: Function) -> None:
    operations = dict(_operations(function))
    creating = {name for name, operation in operations.items() if _creates(name, operation)}
    accepting = {name for name, operation in operations.items() if _accepts_a_key(operation)}
    assert accepting == creating, "use APIRouter(…, route_class=IdempotentRoute)"


def test_there_are_creating_routes() -> None:
    names = {
        name
        for function in HTTP_FUNCTIONS
        for name, operation in _operations(function)
        if _creates(name, operation)
    }
    assert "POST /api/v1/posts" in names
