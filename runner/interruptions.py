"""Ctrl-C, SIGTERM and a closed terminal: the first asks to end, the second insists.

Later ones change nothing.
"""

import signal
import socket
from types import FrameType
from typing import NoReturn


class Interruptions:
    """Raises `KeyboardInterrupt` in the main thread as often as allowed, and no more.

    What stops the services must run to its end, or they would be left behind.
    """

    def __init__(self) -> None:
        self._allowed = 1
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._interrupt)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup ignores it
            signal.signal(signal.SIGHUP, self._interrupt)

    def wait(self) -> NoReturn:
        """For the next one, in the main thread.

        A thread that is being started may be who receives a signal. What is to be raised here then
        waits until this thread runs again, which on a lock would be never: here each one wakes it.
        """
        woken, waker = socket.socketpair()
        waker.settimeout(0)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        while True:
            woken.recv(1)

    def allow_one_more(self) -> None:
        self._allowed += 1

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if self._allowed > 0:
            self._allowed -= 1
            raise KeyboardInterrupt
