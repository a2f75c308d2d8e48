"""Several callers at the same moment, each in a thread with an event loop of its own."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def simultaneously(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Start all calls together; answers in their order."""
    barrier = Barrier(len(calls))

    def start(call: Callable[[], T]) -> T:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        barrier.wait(30)
        try:
            return call()
        finally:
            loop.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(start, calls))
