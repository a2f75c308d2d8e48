"""What our own code adds to the import of the packages a function uses.

Each measurement is a fresh interpreter. Function and packages take turns, so that what slows the
machine slows both; the clock is that of the process, which other processes do not move; and the
best of each counts, because noise only ever adds.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from runner.template import Function
from tests.architecture.tree import FUNCTIONS, ROOT
from tests.benchmarks.figure import Figure

ROUNDS = 7
GOAL = 1.3

_LIST = "import {module}, sys; print(*sys.modules)"
_TIME = """
import time
start = time.process_time()
{imports}
print(time.process_time() - start)
"""


def _run(code: str, function: Function) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **function.environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def _seconds(modules: list[str], function: Function) -> float:
    imports = "\n".join(f"import {module}" for module in modules)
    return float(_run(_TIME.format(imports=imports), function))


def packages_of(function: Function) -> list[str]:
    """Every third-party module that importing the function loads, in that order."""
    third_party = packages_distributions()
    loaded = _run(_LIST.format(module=function.module), function).split()
    return [module for module in loaded if module.partition(".")[0] in third_party]


def measure() -> Iterator[Figure]:
    for function in FUNCTIONS:
        packages = packages_of(function)
        _seconds(packages, function)
        pairs = [
            (_seconds([function.module], function), _seconds(packages, function))
            for _ in range(ROUNDS)
        ]
        yield Figure(
            name=f"cold start of {function.name} beside its packages alone",
            unit="s",
            value=min(own for own, _ in pairs),
            yardstick=min(theirs for _, theirs in pairs),
            goal=GOAL,
        )
