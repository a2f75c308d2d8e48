"""The core that each of several processes keeps to, where there is one for each.

An interpreter runs one thread at a time, so a second core does it no good; and where its threads
take turns on several, each finds the caches of its core filled by somebody else. On a machine with
more cores than processes they stay where the kernel puts them: others may keep to the first ones.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CORES = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []


def core_of(number: int, *, processes: int) -> int | None:
    """The core of one of so many processes, counted from 0; none where it had better be free."""
    return _CORES[number] if 1 < processes == len(_CORES) else None


def keep_to(core: int | None) -> None:
    """From now on, for this thread and all that it starts; where we are not let, as before."""
    if core is not None:
        _keep_to({core})


def keep_to_all() -> None:
    """The same for what had better be free, because it calls what computes in threads."""
    if _CORES:
        _keep_to(set(_CORES))


@contextmanager
def kept_to(core: int | None) -> Iterator[None]:
    keep_to(core)
    try:
        yield
    finally:
        keep_to_all()


def _keep_to(cores: set[int]) -> None:
    with suppress(OSError):
        os.sched_setaffinity(0, cores)
