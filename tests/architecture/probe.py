"""Import one function as Lambda would, in this fresh interpreter, and tell what came with it.

Run with the function's own environment and nothing else:
`python -m tests.architecture.probe functions.identity.auth shared.identity.adapters.tables …`;
the modules after the first are those it may load later. Answers one JSON object.
"""

import importlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields
from inspect import iscoroutinefunction
from typing import Any, get_args

NOT_DEPLOYED = ("multipart", "python_multipart")
"""What Starlette takes where it is there, as it is here: the imitations of networks read forms."""


def _settings() -> list[type[Any]]:
    base = sys.modules.get("shared.infrastructure.settings")
    classes = list(base.Settings.__subclasses__()) if base else []
    for kind in classes:
        classes.extend(kind.__subclasses__())
    return classes


def _needed() -> dict[str, str]:
    """Variables that must be set, each with the module whose class reads it."""
    return {
        kind.variable(field.name): kind.__module__
        for kind in _settings()
        for field in fields(kind)
        if field.default is MISSING
    }


def _read() -> list[str]:
    """By name, and of what the function was given, whatever a class covers beside its fields."""
    named = {kind.variable(field.name) for kind in _settings() for field in fields(kind)}
    given = {name for name in os.environ if any(kind.covers(name) for kind in _settings())}
    return sorted(named | given)


def _policies(dependant: Any) -> Iterator[str]:
    from functions.dependencies import Policy

    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Policy):
            yield dependency.call.word
        yield from _policies(dependency)


def _actors(dependant: Any) -> list[str]:
    """The policies that hand the route an actor, by the words they demand."""
    from functions.dependencies import Policy

    return [
        dependency.call.word
        for dependency in dependant.dependencies
        if isinstance(dependency.call, Policy) and dependency.name
    ]


def _opens_in_cookies(route: Any) -> bool:
    """Whether what it may answer is a session that was opened in cookies."""
    from functions.signing_in import BrowserSessionOut

    answers = get_args(route.response_model) or (route.response_model,)
    return any(isinstance(each, type) and issubclass(each, BrowserSessionOut) for each in answers)


def _from_own_site(dependant: Any) -> bool:
    from functions.browser_mode import FromOwnSite

    return any(isinstance(each.call, FromOwnSite) for each in dependant.dependencies)


def _threaded(dependant: Any) -> Iterator[str]:
    """What FastAPI would send to a thread: whatever is called and is no coroutine function."""
    call = dependant.call
    is_coroutine = iscoroutinefunction(call) or iscoroutinefunction(type(call).__call__)
    if not is_coroutine:
        yield getattr(call, "__qualname__", type(call).__qualname__)
    for dependency in dependant.dependencies:
        yield from _threaded(dependency)


def _routes(app: Any) -> Iterator[dict[str, Any]]:
    from fastapi.routing import APIRoute, iter_route_contexts

    for route in iter_route_contexts(app.routes):
        documented = isinstance(route.original_route, APIRoute)
        yield {
            "path": route.path_format if documented else route.path,
            "methods": sorted(route.methods or ()),
            "name": route.name,
            "doc": route.endpoint.__doc__ or "" if documented else "",
            "policies": list(_policies(route.dependant)) if documented else [],
            "actors": _actors(route.dependant) if documented else [],
            "opens_in_cookies": documented and _opens_in_cookies(route.original_route),
            "threaded": list(_threaded(route.dependant)) if documented else [],
            "from_own_site": documented and _from_own_site(route.dependant),
        }


def probe(module: str, later: list[str]) -> dict[str, Any]:
    hidden: Any = dict.fromkeys(NOT_DEPLOYED)  # importing them fails, as it would on Lambda
    sys.modules.update(hidden)
    before = set(sys.modules)
    function = importlib.import_module(module)
    facts: dict[str, Any] = {"loaded": sorted(sys.modules.keys() - before)}
    app = getattr(function.handler, "app", None)
    facts["routes"] = list(_routes(app)) if app is not None else []
    facts["contract"] = app.openapi() if app is not None else {}
    for name in later:
        importlib.import_module(name)
    facts["needed"] = _needed()
    facts["read"] = _read()
    return facts


if __name__ == "__main__":
    sys.stdout.write(json.dumps(probe(sys.argv[1], sys.argv[2:])))
