"""Facts about each function, gathered once by importing it in an interpreter of its own.

They are kept until something changes that they follow from: an import costs a second of CPU.
"""

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from runner.template import Function
from tests.architecture.tree import FUNCTIONS, PROVIDERS, ROOT, graph

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
    with ThreadPoolExecutor(os.cpu_count()) as several:
        return dict(zip(_NAMES, several.map(_kept_or_gathered, FUNCTIONS), strict=True))


_NAMES = [function.name for function in FUNCTIONS]
_KEPT = ROOT / ".pytest_cache" / "facts"


def _kept_or_gathered(function: Function) -> dict[str, Any]:
    kept = _KEPT / f"{function.name}.json"
    follows_from = _digest(function)
    if kept.exists():
        told: dict[str, Any] = json.loads(kept.read_text())
        if told["follows_from"] == follows_from:
            return told
    told = {**_gathered(function), "follows_from": follows_from}
    if "error" not in told:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(told))
    return told


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


def _gathered(function: Function) -> dict[str, Any]:
    later = sorted(each for each in reachable(function.module) if each.startswith("shared."))
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.architecture.probe", function.module, *later],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **function.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        return {"error": run.stderr}
    told: dict[str, Any] = json.loads(run.stdout)
    return told
