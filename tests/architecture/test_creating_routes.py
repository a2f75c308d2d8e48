"""The HTTP contract: whatever creates for a signed-in caller accepts an idempotency key."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from tests.architecture.tree import HTTP_FUNCTIONS


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for function in HTTP_FUNCTIONS:
        contract = import_module(function.module).app.openapi()
        for path, methods in contract["paths"].items():
            for method, operation in methods.items():
                yield f"{method.upper()} {path}", operation


def _accepts_a_key(operation: dict[str, Any]) -> bool:
    names = {each["name"] for each in operation.get("parameters", [])}
    return "Idempotency-Key" in names and {"201", "409"} <= operation["responses"].keys()


def test_every_creating_route_accepts_an_idempotency_key() -> None:
    creating = {
        name: _accepts_a_key(operation)
        for name, operation in _operations()
        if name.startswith("POST ") and "201" in operation["responses"] and "security" in operation
    }
    assert "POST /api/v1/posts" in creating
    forgetful = [name for name, accepts in creating.items() if not accepts]
    assert not forgetful, f"give their routers route_class=IdempotentRoute: {forgetful}"


def test_no_other_route_says_it_does() -> None:
    boasting = [
        name
        for name, operation in _operations()
        if _accepts_a_key(operation) and not ("security" in operation and name.startswith("POST "))
    ]
    assert not boasting
