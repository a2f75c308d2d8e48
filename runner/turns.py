"""Connections, shared out among processes in turn.

Left to accept for themselves, whoever happens to be awake takes all that have come, and what
callers keep open stays there.
"""

import socket
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Event as Flag
from threading import Thread

Take = Callable[[socket.socket], None]
"""Makes a connection somebody's own to answer. Raises `OSError` where they cannot take any."""

_PAUSE = 0.05
"""Seconds until the next try where no more files can be opened."""


class Turns:
    """Accepts on a reserved port; who cannot take a connection leaves it to the next."""

    def __init__(self, taken: socket.socket, takers: Iterable[Take]) -> None:
        self._taken = taken
        self._takers = deque(takers)
        self._stopped = Flag()
        self._thread = Thread(target=self._run, name="turns", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let nobody in from here on."""
        self._stopped.set()
        with suppress(OSError):
            self._taken.shutdown(socket.SHUT_RDWR)  # to close it would leave accept() waiting

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._taken.accept()
            except OSError:
                self._stopped.wait(_PAUSE)
            else:
                self._hand_over(connection)

    def _hand_over(self, connection: socket.socket) -> None:
        for _ in range(len(self._takers)):
            self._takers.rotate(-1)
            with suppress(OSError):
                self._takers[0](connection)
                return
        connection.close()
