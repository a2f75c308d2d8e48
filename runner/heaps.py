"""Memory that threads have had goes back to all of them, and what is large to the machine."""

import ctypes
from contextlib import suppress

_KIBIBYTE = 1024
_CHOSEN = {
    -8: 1,  # M_ARENA_MAX
    -3: 512 * _KIBIBYTE,  # M_MMAP_THRESHOLD
    -1: 1024 * _KIBIBYTE,  # M_TRIM_THRESHOLD
}
"""By the numbers of mallopt(3)."""


def share_heaps() -> None:
    """Let the C library keep one heap, not eight for each core: each holds on to the most it had.

    Large blocks lie outside of it and go back one by one. Left to itself the library takes ever
    larger ones into the heap, where whatever is small and stays keeps their room from going back.
    What sockets are read into, 256 KiB, is still inside: outside it would cost 15 µs each time.

    Before there are threads. Only glibc has such choices, and needs them.
    """
    with suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        for parameter, value in _CHOSEN.items():
            library.mallopt(parameter, value)
