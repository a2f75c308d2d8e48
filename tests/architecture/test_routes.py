"""Rule 7 and the gateway: every route has its policy, and template and functions agree on paths."""

import re
from typing import Any

import pytest

from runner.gateway import Route, match, routes
from runner.template import Function
from tests.architecture.cold import facts
from tests.architecture.tree import FUNCTIONS, HTTP_FUNCTIONS

TEMPLATE_ROUTES = routes(FUNCTIONS)


def _chosen(method: str, path: str) -> Route | None:
    return match(TEMPLATE_ROUTES, method, re.sub(r"\{[^}]+\}", "0", path))


def _label(route: dict[str, Any]) -> str:
    return f"{'/'.join(route['methods'])} {route['path']}"


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_no_route_without_a_policy(function: Function) -> None:
    found = facts(function)["routes"]
    assert found, f"{function.module} has no routes"
    bare = [_label(route) for route in found if not route["policies"]]
    assert not bare, f"say requires(…), signed_in or public for {bare}"


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_the_contract_says_who_has_to_prove_who_they_are(function: Function) -> None:
    told = facts(function)
    documented = {
        (method, path): "security" in operation and {} not in operation["security"]
        for path, operations in told["contract"]["paths"].items()
        for method, operation in operations.items()
    }
    for route in told["routes"]:
        for method in route["methods"]:
            proved = documented.get((method.lower(), route["path"]))
            assert proved in {None, set(route["policies"]) != {"public"}}, _label(route)


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_nothing_is_sent_to_a_thread(function: Function) -> None:
    """A container serves one request at a time; see `functions.routing`."""
    sent = {
        _label(route): route["threaded"] for route in facts(function)["routes"] if route["threaded"]
    }
    assert not sent, f"make these coroutines, or use functions.routing.Router: {sent}"


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_policies_do_not_contradict_each_other(function: Function) -> None:
    torn = [
        _label(route)
        for route in facts(function)["routes"]
        if "public" in route["policies"] and set(route["policies"]) != {"public"}
    ]
    assert not torn, f"public and guarded at once: {torn}"


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_permissions_are_a_resource_and_an_action(function: Function) -> None:
    words = {word for route in facts(function)["routes"] for word in route["policies"]}
    odd = [
        word
        for word in words - {"public", "signed in", "in session"}
        if not re.fullmatch(r"[a-z_]+:[a-z_]+", word)
    ]
    assert not odd


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_whoever_acts_by_a_permission_comes_from_it(function: Function) -> None:
    """An actor from elsewhere does not know how far the permission reaches: `Actor.only_own`."""
    elsewhere = [
        _label(route)
        for route in facts(function)["routes"]
        if any(":" in word for word in route["policies"])
        and any(":" not in word for word in route["actors"])
    ]
    assert not elsewhere, f"take the actor from requires(…): {elsewhere}"


def test_whoever_opens_a_session_in_cookies_asks_where_from() -> None:
    opening = [
        (_label(route), route["from_own_site"])
        for function in HTTP_FUNCTIONS
        for route in facts(function)["routes"]
        if route["opens_in_cookies"] and "public" in route["policies"]
    ]
    assert opening
    careless = [label for label, is_careful in opening if not is_careful]
    assert not careless, f"say own_site or own_site_if_asked for {careless}"


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_every_route_is_reached_through_the_template(function: Function) -> None:
    lost = []
    for route in facts(function)["routes"]:
        for method in route["methods"]:
            chosen = _chosen(method, route["path"])
            if chosen is None or chosen.function.name != function.name:
                lost.append(f"{method} {route['path']} → {chosen and chosen.key}")
    assert not lost, f"template.yaml leads elsewhere than to {function.name}: {lost}"


@pytest.mark.parametrize("route", TEMPLATE_ROUTES, ids=lambda route: route.key)
def test_every_path_of_the_template_leads_to_a_route(route: Route) -> None:
    led = [
        _chosen(method, found["path"])
        for found in facts(route.function)["routes"]
        for method in found["methods"]
    ]
    assert route.key in {chosen.key for chosen in led if chosen is not None}, (
        f"{route.function.name} serves nothing below {route.key}"
    )


@pytest.mark.parametrize(
    "function",
    [function for function in FUNCTIONS if function not in HTTP_FUNCTIONS],
    ids=lambda function: function.name,
)
def test_only_an_http_trigger_brings_routes(function: Function) -> None:
    assert not facts(function)["routes"]
