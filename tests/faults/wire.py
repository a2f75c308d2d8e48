"""A wire between a client and a server that breaks at a word, without either noticing."""

import contextlib
import socket
import threading


class Wire:
    """Carries bytes both ways until `cut`.

    What contains `word`, and all after it, never reaches the server.
    """

    def __init__(self, server_port: int, *, word: bytes) -> None:
        self._server_port = server_port
        self._word = word
        self._swallowing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def cut(self) -> None:
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server_port))
                self._sockets += [client, server]
                for arguments in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._carry, args=arguments, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, to_server: bool) -> None:  # noqa: FBT001
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if to_server and self._word in data:
                    self._swallowing.set()
                if not (to_server and self._swallowing.is_set()):
                    target.sendall(data)
            target.shutdown(socket.SHUT_WR)
