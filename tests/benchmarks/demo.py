"""How long `make demo` takes where nothing is installed but the dependencies."""

import subprocess
import sys
import time
from collections.abc import Iterator

from tests.architecture.tree import ROOT
from tests.benchmarks.figure import Figure

SECONDS = 15.0


def measure() -> Iterator[Figure]:
    start = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "local_runner.py", "demo", "--services", "embedded"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if run.returncode != 0:
        raise RuntimeError(f"the demo ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    yield Figure(name="make demo, embedded", unit="s", value=seconds, yardstick=SECONDS, goal=1.0)
