"""What a person is told about the broker while the runner serves."""

from threading import Lock
from urllib.parse import urlsplit

from runner.console import say


class BrokerNews:
    """One sentence when the broker is lost, one when it is back, however many ask for it."""

    def __init__(self, url: str, *, is_told: bool = True) -> None:
        self._is_told = is_told
        parts = urlsplit(url)
        self._place = f"{parts.hostname}:{parts.port or 5672}"
        self._lock = Lock()
        self._is_lost = False

    def lost(self, reason: str) -> None:
        with self._lock:
            if self._is_told and not self._is_lost:
                self._is_lost = True
                say(
                    f"The broker at {self._place} cannot be reached ({reason});"
                    " the API goes on, and messages wait until it is back."
                )

    def back(self) -> None:
        with self._lock:
            if self._is_lost:
                self._is_lost = False
                say(f"The broker at {self._place} is back; work continues.")
