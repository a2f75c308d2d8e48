"""Import functions as Lambda would, each in an interpreter of its own, and tell what came with it.

`python -m tests.architecture.probe BASE` reads a question a line, JSON of `module`, `later` and
`environment`, and answers each with a line. What is in `later` are modules that the function may
load later. BASE is a module that all of them import first, or nothing: it is imported once, and
each function in a fork of that, which comes to the same and takes a third of the time.
"""

import importlib
import json
import os
import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, fields
from inspect import iscoroutinefunction
from typing import Any, get_args

NOT_DEPLOYED = ("multipart", "python_multipart", "pygments")
"""What Starlette and Mako take where it is there, as it is here: the imitations of networks read
forms, and pytest shows code in colours."""


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


def probe(module: str, later: list[str], before: AbstractSet[str] | None = None) -> dict[str, Any]:
    """`before` are the modules that were there before the first of its own was imported."""
    before = before if before is not None else set(sys.modules)
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


def _in_a_fork(asked: dict[str, Any], before: AbstractSet[str]) -> None:
    if os.fork():
        os.wait()
        return
    os.environ.clear()
    os.environ.update(asked["environment"])
    try:
        facts = probe(asked["module"], asked["later"], before)
    except BaseException:  # noqa: BLE001 whoever asked says which function it is
        import traceback  # here, or it would seem to have come with every function

        facts = {"error": traceback.format_exc()}
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
    os._exit(0)


def main(base: str) -> None:
    hidden: Any = dict.fromkeys(NOT_DEPLOYED)  # importing them fails, as it would on Lambda
    sys.modules.update(hidden)
    before = frozenset(sys.modules)
    if base:
        importlib.import_module(base)
    for line in sys.stdin:
        _in_a_fork(json.loads(line), before)


if __name__ == "__main__":
    main(sys.argv[1])
