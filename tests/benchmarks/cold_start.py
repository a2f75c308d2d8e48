"""What the start of each function costs, as packaged: seconds of CPU until its handler is there.

Each measurement is a fresh interpreter on one core, from its first instruction to its last; the
clock is the kernel's for that process, which others do not move, and the median of the rounds
counts. On Lambda the code has to be fetched as well, and 512 MB have less than a third
of a core once the start is over.
"""

import os
import resource
import statistics
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from runner.template import Function
from tests.architecture.tree import FUNCTIONS, HTTP_FUNCTIONS
from tests.benchmarks.figure import Figure
from tests.benchmarks.packaged import deployed
from tests.benchmarks.yardsticks import node

ROUNDS = 3
YARDSTICK_ROUNDS = 9
GOAL = 1.3
"""What a start may cost beside that of the packages alone."""

BARE, NODE = "fastapi and mangum alone", "Node's Express and pg"

_CORE = max(os.sched_getaffinity(0))
_OURS = ("functions", "shared")
_LIST = """
import {module}, sys
for name, module in sys.modules.items():
    spec, top = module.__spec__, name.partition(".")[0]
    if spec and spec.has_location and top not in {{*sys.stdlib_module_names, *{ours}}}:
        print(name)
"""
_BARE = """
from fastapi import FastAPI
from mangum import Mangum
app = FastAPI()
@app.get("/api/v1/auth/me")
def me() -> dict[str, str]:
    return {}
handler = Mangum(app, lifespan="off")
"""


def _python(code: str, artifact: Path, environment: Mapping[str, str]) -> tuple[float, str]:
    """Seconds of CPU, and what it printed; Lambda's disk keeps no bytecode for the next start."""
    return _started([deployed().python, "-Bc", code], artifact, environment)


def _started(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> tuple[float, str]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(
        ["taskset", "--cpu-list", str(_CORE), *command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
    return spent, said


def _imports(modules: Sequence[str]) -> str:
    return "\n".join(f"import {module}" for module in modules)


def packages_of(function: Function) -> tuple[str, ...]:
    """Every third-party module that importing the function loads, by name."""
    listing = _LIST.format(module=function.module, ours=_OURS)
    _, loaded = _python(listing, deployed().folder_of(function), function.environment)
    return tuple(sorted(each for each in loaded.split() if not each.startswith("_sysconfigdata")))


def _usual(code: str, function: Function) -> float:
    artifact = deployed().folder_of(function)
    return statistics.median(
        _python(code, artifact, function.environment)[0] for _ in range(ROUNDS)
    )


def _yardsticks() -> dict[str, float]:
    node.install()
    artifact = deployed().folder_of(HTTP_FUNCTIONS[0])
    rounds = [
        {
            BARE: _python(_BARE, artifact, {})[0],
            NODE: _started(["node", "cold_start.mjs"], node.INSTALLED, {})[0],
        }
        for _ in range(YARDSTICK_ROUNDS)
    ]
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def measure() -> Iterator[Figure]:
    said, yardsticks = deployed().said, _yardsticks()
    bare = yardsticks[BARE]
    starts: dict[float, Function] = {}
    for function in FUNCTIONS:
        own = _usual(_imports([function.module]), function)
        starts[own] = function
        yield _figure(f"{function.name} beside {BARE}, {said}", own, bare)
    slowest = max(starts)
    middling = statistics.median_high(starts)
    for seconds, which in ((slowest, "slowest"), (middling, "median")):
        function = starts[seconds]
        packages = _usual(_imports(packages_of(function)), function)
        name = f"the {which} of {len(FUNCTIONS)}, {function.name}, beside"
        for beside, yardstick in yardsticks.items():
            yield _figure(f"{name} {beside}, {said}", seconds, yardstick)
        yield _figure(f"{name} its packages alone, {said}", seconds, packages, goal=GOAL)


def _figure(name: str, value: float, yardstick: float, goal: float | None = None) -> Figure:
    return Figure(name=f"cold start, {name}", unit="s", value=value, yardstick=yardstick, goal=goal)
