"""A gate before PostgreSQL that asks for a password, which the server of the tests does not."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

ASK = b"R" + struct.pack("!ii", 8, 3)
"""AuthenticationCleartextPassword (PostgreSQL, "Message Formats")."""

REFUSE = b'SFATAL\0C28P01\0Mpassword authentication failed for user "luxaris"\0\0'


class Gatekeeper:
    """Lets pass whoever knows `password`, which may be changed; `asked` counts everybody."""

    def __init__(self, server: str, password: str) -> None:
        self.password, self.asked = password, 0
        self._server = server
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                guest, _ = self._door.accept()
                Thread(target=self._receive, args=(guest,), daemon=True).start()

    def _receive(self, guest: socket.socket) -> None:
        with guest, suppress(OSError):
            startup = guest.recv(4096)
            self.asked += 1
            guest.sendall(ASK)
            said = guest.recv(4096)[5:-1].decode()
            if said != self.password:
                guest.sendall(b"E" + struct.pack("!i", len(REFUSE) + 4) + REFUSE)
                return
            with socket.socket(socket.AF_UNIX) as server:
                server.connect(self._server)
                server.sendall(startup)
                Thread(target=_pass_on, args=(server, guest), daemon=True).start()
                _pass_on(guest, server)


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while said := one.recv(65_536):
            other.sendall(said)
        other.shutdown(socket.SHUT_WR)


@contextmanager
def gatekeeper(server: str, password: str) -> Iterator[Gatekeeper]:
    """`server` is the server's socket."""
    gate = Gatekeeper(server, password)
    try:
        yield gate
    finally:
        gate.close()
