"""Facts about each function, gathered once by importing it in an interpreter of its own.

They are kept until something changes that they follow from: an import costs a second of CPU.
"""

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from runner.template import Function
from tests.architecture.tree import FUNCTIONS, PROVIDERS, ROOT, graph, is_ours, parsed

REGISTRY = "shared.channels.adapters.registry"


def reachable(module: str) -> set[str]:
    """All that a module may ever import: at its top, inside functions, and by the registry."""
    modules = {module} | graph().find_upstream_modules(module)
    if REGISTRY in modules:
        for slug in PROVIDERS:
            provider = f"shared.channels.adapters.providers.{slug}"
            modules |= {provider} | graph().find_upstream_modules(provider)
    return modules


def facts(function: Function) -> dict[str, Any]:
    told = _facts()[function.name]
    assert "error" not in told, f"{function.module} cannot be imported:\n{told['error']}"
    return told


@cache
def _facts() -> dict[str, dict[str, Any]]:
    digests = {function.name: _digest(function) for function in FUNCTIONS}
    known = {name: told for name, digest in digests.items() if (told := _kept(name, digest))}
    for name, told in _gathered([each for each in FUNCTIONS if each.name not in known]):
        known[name] = {**told, "follows_from": digests[name]}
        if "error" not in told:
            _KEPT.mkdir(parents=True, exist_ok=True)
            (_KEPT / f"{name}.json").write_text(json.dumps(known[name]))
    return known


_KEPT = ROOT / ".pytest_cache" / "facts"


def _kept(name: str, follows_from: str) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads((_KEPT / f"{name}.json").read_text())
    except FileNotFoundError:
        return None
    return told if told["follows_from"] == follows_from else None


def _digest(function: Function) -> str:
    """Of all source it may ever import, its settings, and whose code runs with it."""
    sources = [
        path.read_bytes()
        for module in sorted(reachable(function.module) | {"tests.architecture.probe"})
        if (path := ROOT.joinpath(*module.split(".")).with_suffix(".py")).is_file()
    ]
    others = [
        sys.version,
        json.dumps(function.environment),
        (ROOT / "requirements-dev.txt").read_text(),
    ]
    digest = hashlib.sha256(b"\0".join([*sources, *(each.encode() for each in others)]))
    return digest.hexdigest()


FIRST = ("functions.dependencies", "shared.infrastructure.database")
"""What most functions import in any case, the heaviest first: two thirds of the time of each."""


def _base(function: Function) -> str:
    """The heaviest of `FIRST` that its import leads to, or nothing."""
    there = _at_the_top(function.module)
    return next((module for module in FIRST if module in there), "")


@cache
def _at_the_top(module: str) -> frozenset[str]:
    """Our modules that importing it imports, whatever happens: they stand at the top of files."""
    source = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    named = {
        name
        for one in (parsed(source).body if source.is_file() else ())
        if isinstance(one, ast.ImportFrom) and one.module and is_ours(one.module)
        for name in (one.module, *(f"{one.module}.{each.name}" for each in one.names))
    }
    return frozenset(named).union(*(_at_the_top(name) for name in named - {module}))


def _gathered(functions: Sequence[Function]) -> Iterator[tuple[str, dict[str, Any]]]:
    """As many at a time as there are cores."""
    cores = os.cpu_count() or 1
    by_base: defaultdict[str, list[Function]] = defaultdict(list)
    for function in functions:
        by_base[_base(function)].append(function)
    shares = [
        (base, alike[core::cores])
        for base, alike in by_base.items()
        for core in range(min(cores, len(alike)))
    ]
    with ThreadPoolExecutor(cores) as several:
        for (_, asked), answers in zip(shares, several.map(_probed, shares), strict=True):
            yield from zip([each.name for each in asked], answers, strict=True)


def _probed(share: tuple[str, Sequence[Function]]) -> list[dict[str, Any]]:
    base, functions = share
    questions = [
        {
            "module": each.module,
            "later": sorted(one for one in reachable(each.module) if one.startswith("shared.")),
            "environment": {"PATH": os.environ["PATH"], **each.environment},
        }
        for each in functions
    ]
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.architecture.probe", base],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        input="".join(f"{json.dumps(each)}\n" for each in questions),
        capture_output=True,
        text=True,
        check=False,
    )
    assert not run.returncode, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]
