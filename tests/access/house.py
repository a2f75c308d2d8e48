"""Every route of every function, as the functions themselves tell it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from runner.template import Function
from tests.access.schema import Schema, example
from tests.architecture.probe import probe
from tests.deployed_functions import functions

APART = {("generation", "session_id"): "generation_session_id"}
"""By a route's tag and a name in its path: what others call it, where the name means theirs."""


@dataclass(frozen=True, kw_only=True)
class AccessRoute:
    """`path` is below ``/api/v1``; `schema` is of the body, `query` names what may be asked.

    `policies` are the words of the policies in its signature.
    """

    method: str
    path: str
    tag: str
    policies: frozenset[str]
    schema: Schema | None = field(compare=False, repr=False)
    query: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def body(self) -> Any:
        """One such as a caller might send; nothing where there is none."""
        return None if self.schema is None else example(self.schema)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        return tuple(re.findall(r"{(\w+)}", self.path))

    def kind(self, name: str) -> str:
        """What a name in the path is the id of: one word may mean two things."""
        return APART.get((self.tag, name), name)

    @cached_property
    def things(self) -> tuple[str, ...]:
        """What the path names by id, but for the organization that all the rest lies in."""
        names = [self.kind(name) for name in self.parameters if name.endswith("_id")]
        return tuple(name for name in names if name != "organization_id" or len(names) == 1)

    @cached_property
    def permission(self) -> str | None:
        return next((word for word in self.policies if ":" in word), None)

    @property
    def is_public(self) -> bool:
        return "public" in self.policies


@cache
def access_routes() -> list[AccessRoute]:
    """Those of all HTTP functions, by tag and path."""
    found = [
        route
        for function in functions()
        if function.of_kind("HttpApi")
        for route in _routes(function)
    ]
    return sorted(found, key=lambda route: (route.tag, route.path, route.method))


def _routes(function: Function) -> Iterator[AccessRoute]:
    facts = probe(function.module, [])
    contract = facts["contract"]
    for route in facts["routes"]:
        for method in route["methods"]:
            operation = _operation(contract, facts["routes"], route, method.lower())
            yield AccessRoute(
                method=method,
                path=route["path"].removeprefix("/api/v1"),
                tag=operation["tags"][0],
                policies=frozenset(route["policies"]),
                schema=_schema(operation, contract),
                query=tuple(
                    parameter["name"]
                    for parameter in operation.get("parameters", [])
                    if parameter["in"] == "query"
                ),
            )


def _operation(
    contract: Mapping[str, Any], routes: list[Any], route: Mapping[str, Any], method: str
) -> Mapping[str, Any]:
    """As it is documented; a second door leads to the same function as the first."""
    for door in (route, *(each for each in routes if each["name"] == route["name"])):
        operation: Mapping[str, Any] = contract["paths"].get(door["path"], {}).get(method)
        if operation is not None:
            return operation
    raise LookupError(f"{method} {route['path']} is documented nowhere")


def _schema(operation: Mapping[str, Any], contract: Mapping[str, Any]) -> Schema | None:
    if "requestBody" not in operation:
        return None
    content = operation["requestBody"]["content"]["application/json"]
    return Schema(part={}, contract=contract).of(content["schema"])
