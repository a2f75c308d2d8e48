"""The HTTP contract describes itself: each operation has a name, a sentence and its refusals."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from runner.documentation import merged
from runner.template import Function
from shared.publishing.domain.schedule import HORIZON
from tests.architecture.cold import facts
from tests.architecture.tree import HTTP_FUNCTIONS

ERRORS = "#/components/schemas/ErrorsOut"


def _operations(contract: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def _refusals(name: str, operation: dict[str, Any]) -> set[str]:
    statuses = {"503"}
    if "security" in operation:
        statuses |= {"401", "403"}
    if "_id}" in name:
        statuses.add("404")
    if "requestBody" in operation:
        statuses |= {"400", "413", "415"}
    return statuses


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return merged({function.name: facts(function)["contract"] for function in HTTP_FUNCTIONS})


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_every_route_has_an_operation_id_of_its_tag_and_name(function: Function) -> None:
    odd = {
        name: operation["operationId"]
        for name, operation in _operations(facts(function)["contract"])
        if not re.fullmatch(rf"{operation['tags'][0]}_[a-z]+(_[a-z]+)*", operation["operationId"])
    }
    assert not odd, "give the router one tag, and the route's function a plain name"


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_every_route_has_a_docstring_that_begins_with_a_sentence(function: Function) -> None:
    bare = [
        route["name"]
        for route in facts(function)["routes"]
        if not route["doc"].partition("\n")[0].endswith(".")
    ]
    assert not bare


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_every_operation_says_how_it_refuses(function: Function) -> None:
    for name, operation in _operations(facts(function)["contract"]):
        told = operation["responses"]
        assert _refusals(name, operation) - told.keys() == set(), name
        for status, response in told.items():
            if not status.startswith(("2", "3")):
                schema = response["content"]["application/json"]["schema"]
                assert schema == {"$ref": ERRORS}, f"{name} {status}"


def test_operation_ids_are_unique(whole: dict[str, Any]) -> None:
    counted = Counter(operation["operationId"] for _, operation in _operations(whole))
    assert {name for name, times in counted.items() if times > 1} == set()


def test_every_tag_is_described(whole: dict[str, Any]) -> None:
    used = {tag for _, operation in _operations(whole) for tag in operation["tags"]}
    assert used == {tag["name"] for tag in whole["tags"]}


def test_no_two_functions_mean_different_things_by_one_name(whole: dict[str, Any]) -> None:
    functions = tuple(function.name for function in HTTP_FUNCTIONS)
    assert not [name for name in whole["components"]["schemas"] if name.startswith(functions)]


@pytest.mark.parametrize("name", ["ScheduleVariant", "Reschedule"])
def test_an_example_can_be_sent_as_it_is_today(whole: dict[str, Any], name: str) -> None:
    for example in whole["components"]["schemas"][name]["examples"]:
        zone = ZoneInfo(example["timezone"])
        ahead = datetime.fromisoformat(example["run_at"]).replace(tzinfo=zone) - datetime.now(zone)
        assert timedelta() < ahead < HORIZON


def test_what_is_required_has_no_default(whole: dict[str, Any]) -> None:
    assert not [
        f"{name}.{field}"
        for name, schema in whole["components"]["schemas"].items()
        for field in schema.get("required", [])
        if "default" in schema["properties"][field]
    ]


def _headers(operation: Mapping[str, Any]) -> set[str]:
    return {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}


def test_headers_of_sessions_are_told(whole: dict[str, Any]) -> None:
    """A key of the cookie's session goes with what writes; a version with all it is a session's."""
    operations = dict(_operations(whole))
    both = {"X-Session-Version", "X-CSRF-Token"}
    assert _headers(operations["POST /api/v1/auth/logout"]) == both
    assert _headers(operations["GET /api/v1/auth/me"]) == {"X-Session-Version"}
    assert _headers(operations["POST /api/v1/auth/login"]) == set()
    assert _headers(operations["POST /api/v1/auth/refresh"]) == {"X-CSRF-Token"}


def test_a_return_that_is_always_a_redirect_refuses_nothing_but_a_stranger(
    whole: dict[str, Any],
) -> None:
    """What the provider did wrong is told to the front end, in the address."""
    operations = dict(_operations(whole))
    for path in ("google/callback", "oauth/{provider}/callback"):
        assert "502" not in operations[f"GET /api/v1/auth/{path}"]["responses"]
    assert "502" in operations["POST /api/v1/auth/oauth/{provider}/callback"]["responses"]
