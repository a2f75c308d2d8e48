"""How often Python looks for cycles nobody holds any more, which is by far too often for batches.

It looks whenever 700 objects are more than before (2,000 from Python 3.13 on), at all that are
young. Of a batch of hundreds most live until its end: they are looked through again and again, for
an eighth of the time that the batch takes. A request leaves less, and is done sooner where its room
is used again at once: so this is for batches alone, though whoever shares their process shares it.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_YOUNG = 10_000
"""Objects more than before, at which it looks while a batch is done."""

_lock = Lock()
_batches = 0
_usual = gc.get_threshold()


@contextmanager
def rarely_collected() -> Iterator[None]:
    """As long as the block lasts, here and in all other threads of the process."""
    global _batches, _usual  # noqa: PLW0603 the process has one collector
    with _lock:
        if not _batches:
            _usual = gc.get_threshold()
            gc.set_threshold(_YOUNG, *_usual[1:])
        _batches += 1
    try:
        yield
    finally:
        with _lock:
            _batches -= 1
            if not _batches:
                gc.set_threshold(*_usual)
