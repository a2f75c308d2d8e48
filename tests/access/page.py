"""docs/access.md: who may call what, as it was met."""

from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

from runner.template import PATH as TEMPLATE
from tests.access.callers import Caller
from tests.access.house import AccessRoute
from tests.access.walk import Met, codes, is_denied, is_missing

PATH: Path = TEMPLATE.parent / "docs" / "access.md"

WRITE = "WRITE_ACCESS_PAGE"
"""The variable with which the tests write the page instead of comparing it."""

_INTRODUCTION = """\
# Who may call what

Written by `python -m tests.access`, which calls every route of every function as everybody below,
with a thing of their organization that somebody else has made; a test keeps it current.

| says | means |
|---|---|
| yes | access is no obstacle; the request may still be wrong |
| own | only for what the caller has made |
| no | 403: without the permission, a session or an active account, or not theirs |
| 401 | nobody has proved who is asking; on public routes: by a password, a cookie or the like |
| a code | 403 by a rule of the thing itself |
| 404 | for the caller there is no such thing |

- **viewer … owner** are the built-in roles. **own** and **any** are custom roles: one holds every
  permission that can be limited to one's own things with that limit, the other all without it.
- **root** is a viewer of the organization here; each change that only the flag allows is recorded
  as `ROOT_BYPASS`.
- **key** is an API key of an owner with all scopes, **other key** one without the scope needed.
- **stranger** is the owner of another organization, who names our thing where the path names one,
  and else acts in their own.
- **pending**, **disabled**: an owner whose account waits for approval, or is disabled.
  **nobody** sends neither token nor key."""

_HEADS = {
    Caller.OWN: "own",
    Caller.ANY: "any",
    Caller.ROOT: "root",
    Caller.KEY: "key",
    Caller.OTHER_KEY: "other key",
    Caller.STRANGER: "stranger",
}
_MISSING = {
    "FORBIDDEN",
    "SESSION_REQUIRED",
    "ACCOUNT_PENDING_APPROVAL",
    "ACCOUNT_DISABLED",
}


def page(met: Mapping[tuple[AccessRoute, Caller], Met]) -> str:
    """The whole page."""
    routes = list(dict.fromkeys(route for route, _ in met))
    parts = [_INTRODUCTION]
    for tag, of_tag in groupby(routes, key=lambda route: route.tag):
        heads = ["route", "needs", *(_HEADS.get(caller, caller) for caller in Caller)]
        parts += [f"\n## {tag.replace('_', ' ')}\n", _row(heads), _row(["---"] * len(heads))]
        parts += [_line(route, met) for route in of_tag]
    return "\n".join(parts) + "\n"


def _line(route: AccessRoute, met: Mapping[tuple[AccessRoute, Caller], Met]) -> str:
    cells = [_cell(met[route, caller], route) for caller in Caller]
    return _row([f"`{route.key}`", ", ".join(sorted(route.policies)), *cells])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(met: Met, route: AccessRoute) -> str:
    if met.with_own is not None and not codes(met.with_own):
        return "own"
    refused = codes(met.answer)
    if refused and met.answer.status == 401:
        return "401"
    if is_denied(met.answer) or _MISSING & set(refused):
        return "no"
    if refused:
        return ", ".join(refused).lower().replace("_", " ")
    if is_missing(route, met.answer):
        return "404"
    return "yes"
