"""Ctrl-C, SIGTERM and a closed terminal: the first asks to end, the second insists.

Later ones change nothing.
"""

import signal
from types import FrameType


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

    def allow_one_more(self) -> None:
        self._allowed += 1

    def _interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if self._allowed > 0:
            self._allowed -= 1
            raise KeyboardInterrupt
