"""What is done once at the start, in a process that ends: so what it takes is given back."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def aside(task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the task answers or raises, which must be fit for pickling."""
    with ProcessPoolExecutor(1) as process:
        return process.submit(task, *args, **kwargs).result()
