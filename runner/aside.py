"""What is done once at the start, in a process that ends: so what it takes is given back."""

import signal
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def aside(task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the task answers or raises, which must be fit for pickling.

    It sees the environment as it is now, which a server of forks would not. Interrupts are ours.
    """
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(
        1, context, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)
    ) as process:
        return process.submit(task, *args, **kwargs).result()
