"""A process of its own, beside ours: an interpreter runs one thread at a time.

It shares our memory as it was at its start, and a line with us: on it we order it to stop and hand
connections over, and when we die, its end is the worker's end, too. Should the worker die, its work
goes on in our own process, unless that is what we do anyway: what has threads by then had better
not be forked again.
"""

import gc
import logging
import os
import signal
import socket
from contextlib import suppress
from queue import SimpleQueue
from threading import Event as Flag
from threading import Thread
from typing import NoReturn, Protocol

from runner.cores import keep_to

logger = logging.getLogger(__name__)

_OURS_ALONE = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""A terminal sends them to all of its processes; the runner says what follows."""

_STOP, _CONNECTION = b".", b"+"

Handed = SimpleQueue[socket.socket | None]
"""Connections as they are handed over; nothing more comes after `None`."""


class Work(Protocol):
    def __call__(self, *, stop: Flag) -> None:
        """Go on until the flag is set, then end in order."""


class Worker:
    """`not_theirs` is ours alone to listen on. `goes_on`: where it dies, we do its work.

    It keeps to `core`, if there is one for it.

    What is handed over to it comes out of `handed`, in its process.
    """

    def __init__(
        self,
        work: Work,
        *,
        not_theirs: socket.socket,
        core: int | None = None,
        goes_on: bool = True,
        handed: Handed | None = None,
    ) -> None:
        self._work = work
        self._core = core
        self._not_theirs = not_theirs
        self._goes_on = goes_on
        self._handed: Handed = SimpleQueue() if handed is None else handed
        self._stopped = Flag()

    def start(self) -> None:
        """Before anything else starts a thread, `stand_by` of another too."""
        self._line, theirs = socket.socketpair()
        gc.collect()
        gc.freeze()  # or the next collection would write to every page that is shared
        child = os.fork()
        if not child:
            self._line.close()
            self._not_theirs.close()
            _run(self._work, theirs, self._handed, self._core)
        theirs.close()
        self._line.settimeout(0)
        self._child = child

    def stand_by(self) -> None:
        """Notice when it dies, from now on."""
        self._thread = Thread(target=self._wait, name="worker", daemon=True)
        self._thread.start()

    def hand_over(self, connection: socket.socket) -> None:
        """Make the connection the worker's own.

        Raises:
            OSError: it has died, or takes none of those that it was given before.
        """
        socket.send_fds(self._line, [_CONNECTION], [connection.fileno()])
        connection.close()

    def stop(self) -> None:
        self._stopped.set()
        with suppress(OSError):
            self._line.send(_STOP)

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


def _run(work: Work, line: socket.socket, handed: Handed, core: int | None) -> NoReturn:
    """Nothing of what the runner has still to do at its end is done here."""
    code = 1
    try:
        for number in _OURS_ALONE:
            signal.signal(number, signal.SIG_IGN)
        keep_to(core)
        stop = Flag()
        Thread(target=_listen, args=(line, stop, handed), name="line", daemon=True).start()
        work(stop=stop)
        code = 0
    except BaseException:
        logger.exception("worker_failed")
    finally:
        os._exit(code)


def _listen(line: socket.socket, stop: Flag, handed: Handed) -> None:
    while True:
        said, descriptors, _, _ = socket.recv_fds(line, 1, 1)
        for each in descriptors:  # none, where no more files can be opened
            handed.put(socket.socket(fileno=each))
        if said == _STOP:
            stop.set()
            handed.put(None)
        elif not said:
            os._exit(1)
