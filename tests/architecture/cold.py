"""Facts about each function, gathered once by importing it in an interpreter of its own."""

import json
import os
import subprocess
import sys
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
    return _facts(function.name)


@cache
def _facts(name: str) -> dict[str, Any]:
    function = next(function for function in FUNCTIONS if function.name == name)
    later = sorted(each for each in reachable(function.module) if each.startswith("shared."))
    run = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.architecture.probe", function.module, *later],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **function.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, f"{function.module} cannot be imported:\n{run.stderr}"
    told: dict[str, Any] = json.loads(run.stdout)
    return told
