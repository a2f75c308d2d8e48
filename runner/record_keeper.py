"""Keeps what invocations leave, after their answers: while one is kept, others gather."""

import time
from contextlib import suppress
from functools import cache
from queue import Empty, SimpleQueue
from threading import Event as Flag
from threading import Thread

from shared.infrastructure.recording import Ended, keep

_AT_ONCE = 500
_GATHERING = 0.05
"""Seconds in which others may come, to be kept with the first."""


class RecordKeeper:
    def __init__(self) -> None:
        self._left: SimpleQueue[Ended | Flag] = SimpleQueue()
        Thread(target=self._run, name="records", daemon=True).start()

    def put(self, ended: Ended) -> None:
        self._left.put(ended)

    def settle(self, until: float) -> None:
        """Wait until all that has come by now is kept, or for that reading of the clock."""
        done = Flag()
        self._left.put(done)
        done.wait(max(0.0, until - time.monotonic()))

    def _run(self) -> None:
        """Woken by the first that comes, not by each: that would take a turn from who answers."""
        while True:
            gathered = [self._left.get()]
            if isinstance(gathered[0], Ended) and self._left.qsize() < _AT_ONCE:
                time.sleep(_GATHERING)
            with suppress(Empty):
                while len(gathered) < _AT_ONCE:
                    gathered.append(self._left.get_nowait())
            keep(*(each for each in gathered if isinstance(each, Ended)))
            for each in gathered:
                if isinstance(each, Flag):
                    each.set()


@cache
def record_keeper() -> RecordKeeper:
    """The process's only one, with its first invocation: by then nothing is forked any more."""
    return RecordKeeper()
