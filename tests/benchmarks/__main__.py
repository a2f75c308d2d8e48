"""Run the benchmarks: `python -m tests.benchmarks [NAME …]`, one JSON object a line.

A benchmark is a module of this folder with a `measure()` that yields figures. Exit code 1 says
that a goal was missed or a benchmark broke.
"""

import sys
import traceback
from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from tests import benchmarks
from tests.benchmarks.figure import Figure


def names() -> list[str]:
    return sorted(
        module.name
        for module in iter_modules(benchmarks.__path__)
        if hasattr(import_module(f"{benchmarks.__name__}.{module.name}"), "measure")
    )


def measured(name: str) -> Iterator[Figure]:
    figures: Iterable[Figure] = import_module(f"{benchmarks.__name__}.{name}").measure()
    yield from figures


def main(wanted: list[str]) -> int:
    known = names()
    unknown = set(wanted) - set(known)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
        return 2
    good = True
    for name in wanted or known:
        try:
            for figure in measured(name):
                print(figure.line(), flush=True)
                good = good and figure.ok is not False
        except Exception:  # noqa: BLE001 the other benchmarks still run
            traceback.print_exc()
            good = False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
