"""The core that each of several processes keeps to.

An interpreter runs one thread at a time, so a second core does it no good; and where its threads
take turns on several, each finds the caches of its core filled by somebody else.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_IS_ABLE = sys.platform == "linux"
_CORES = sorted(os.sched_getaffinity(0)) if _IS_ABLE else []


def keep_to_one(number: int) -> None:
    """From now on, for this thread and all that it starts: the first core for 0, and so on."""
    if _IS_ABLE:
        os.sched_setaffinity(0, {_CORES[number % len(_CORES)]})


def keep_to_all() -> None:
    """The same for one that had better be free, because what it calls computes in threads."""
    if _IS_ABLE:
        os.sched_setaffinity(0, _CORES)


@contextmanager
def kept_to_one(number: int) -> Iterator[None]:
    keep_to_one(number)
    try:
        yield
    finally:
        keep_to_all()
