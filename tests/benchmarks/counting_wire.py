"""A wire between a client and PostgreSQL that counts how often the client waits for an answer.

It listens on a Unix socket and carries bytes to another one. Each round trip ends in one message
of the client: a simple query, a Sync, or a Flush that asks for more than the Sync before it did
(PostgreSQL's documentation, "Message Formats").
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

_ENDS_A_ROUND_TRIP = frozenset(b"QSH")
_FLUSH = ord("H")
_SOCKET = ".s.PGSQL.5432"


class Messages:
    """Counts round trips in a client's bytes, however they are cut into pieces."""

    def __init__(self) -> None:
        self._rest = b""
        self._is_started = False
        self._is_asking = False

    def count(self, data: bytes) -> int:
        """Answers how many round trips end in this piece."""
        self._rest += data
        found, at = 0, 0
        while True:
            head = at + self._is_started  # the very first message has no type
            if len(self._rest) < head + 4:
                break
            end = head + int.from_bytes(self._rest[head : head + 4])
            if len(self._rest) < end:
                break
            found += self._is_started and self._ends_a_round_trip(self._rest[at])
            self._is_started = True
            at = end
        self._rest = self._rest[at:]
        return found

    def _ends_a_round_trip(self, kind: int) -> bool:
        ends = kind in _ENDS_A_ROUND_TRIP and (kind != _FLUSH or self._is_asking)
        self._is_asking = kind not in _ENDS_A_ROUND_TRIP
        return ends


class CountingWire:
    def __init__(self, folder: Path, server: Path) -> None:
        self._server = server
        self._lock = threading.Lock()
        self.round_trips = 0
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / _SOCKET))
        self._listener.listen()
        self._sockets = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server))
                self._sockets += [client, server]
                for source, target, messages in (
                    (client, server, Messages()),
                    (server, client, None),
                ):
                    threading.Thread(
                        target=self._carry, args=(source, target, messages), daemon=True
                    ).start()

    def _carry(
        self, source: socket.socket, target: socket.socket, messages: Messages | None
    ) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if messages is not None:
                    with self._lock:
                        self.round_trips += messages.count(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def counting_wire(folder: Path, database: str) -> Iterator[tuple[str, CountingWire]]:
    """A wire to `database`, a URL with a Unix socket; answers the URL of the wire, too."""
    parts = urlsplit(database)
    server = Path(parse_qs(parts.query)["host"][0]) / _SOCKET
    place = folder / "wire"
    place.mkdir()
    wire = CountingWire(place, server)
    try:
        yield parts._replace(query=f"host={quote(str(place))}").geturl(), wire
    finally:
        wire.cut()
