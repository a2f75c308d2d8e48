"""A process of its own, beside ours: an interpreter runs one thread at a time.

It shares our memory as it was at its start, and a line with us: what we say on it is the order to
stop, and when we die, its end is the worker's end, too. Should the worker die, its work goes on in
our own process, unless that is what we do anyway: what has threads by then had better not be forked
again.
"""

import gc
import logging
import os
import signal
import socket
from contextlib import suppress
from threading import Event as Flag
from threading import Thread
from typing import NoReturn, Protocol

logger = logging.getLogger(__name__)

_OURS_ALONE = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""A terminal sends them to all of its processes; the runner says what follows."""


class Work(Protocol):
    def __call__(self, *, stop: Flag) -> None:
        """Go on until the flag is set, then end in order."""


class Worker:
    """`not_theirs` is ours alone to listen on. `goes_on`: where it dies, we do its work."""

    def __init__(
        self, work: Work, *, not_theirs: socket.socket | None = None, goes_on: bool = True
    ) -> None:
        self._work = work
        self._not_theirs = not_theirs
        self._goes_on = goes_on
        self._stopped = Flag()

    def start(self) -> None:
        """Before anything else starts a thread, `stand_by` of another too."""
        self._line, theirs = socket.socketpair()
        gc.collect()
        gc.freeze()  # or the next collection would write to every page that is shared
        child = os.fork()
        if not child:
            self._line.close()
            if self._not_theirs is not None:
                self._not_theirs.close()
            _run(self._work, theirs)
        theirs.close()
        self._child = child

    def stand_by(self) -> None:
        """Notice when it dies, from now on."""
        self._thread = Thread(target=self._wait, name="worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        with suppress(OSError):
            self._line.send(b".")

    def join(self, seconds: float) -> None:
        """Wait for its end; after so many seconds it is not an orderly one."""
        self._thread.join(seconds)
        self._line.close()
        self._thread.join(1.0)

    def _wait(self) -> None:
        _, status = os.waitpid(self._child, 0)
        if not self._stopped.is_set():
            logger.error("worker_died", extra={"code": os.waitstatus_to_exitcode(status)})
            if self._goes_on:
                self._work(stop=self._stopped)


def _run(work: Work, line: socket.socket) -> NoReturn:
    """Nothing of what the runner has still to do at its end is done here."""
    code = 1
    try:
        for number in _OURS_ALONE:
            signal.signal(number, signal.SIG_IGN)
        stop = Flag()
        Thread(target=_listen, args=(line, stop), name="line", daemon=True).start()
        work(stop=stop)
        code = 0
    except BaseException:
        logger.exception("worker_failed")
    finally:
        os._exit(code)


def _listen(line: socket.socket, stop: Flag) -> None:
    while line.recv(1):
        stop.set()
    os._exit(1)
