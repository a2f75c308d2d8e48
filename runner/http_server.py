"""The HTTP server, on a port that is taken before anything else."""

import asyncio
import errno
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

from runner.refused import Refused

THIS_MACHINE = "127.0.0.1"


def reserve(port: int, host: str = THIS_MACHINE) -> socket.socket:
    """Take a port before anything is started; 0 takes a free one.

    Raises:
        Refused: somebody else has it, or `host` is no address of this machine.
    """
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Or an answer's body waits until its head is acknowledged, which takes 40 ms on Linux.
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        taken.bind((host, port))
        taken.listen()
    except PermissionError as error:
        taken.close()
        raise Refused(f"Port {port} needs privileges; choose another with --port") from error
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            raise Refused(f"Port {port} is taken; choose another with --port") from error
        raise Refused(f"{host} cannot be listened on: {error.strerror or error}") from error
    return taken


class Server(uvicorn.Server):
    """One that also answers on connections that somebody else has accepted."""

    def stop(self) -> None:
        """Take no more requests."""
        self.should_exit = True

    def take(self, connection: socket.socket) -> None:
        """Answer on this connection from now on; may be called from any thread."""
        asyncio.run_coroutine_threadsafe(self._answer_on(connection), self._loop)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    async def _answer_on(self, connection: socket.socket) -> None:
        if self.should_exit:
            connection.close()
        else:
            await self._loop.connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        """As uvicorn makes one for each connection that it accepts by itself."""
        return self.config.http_protocol_class(
            config=self.config,  # type: ignore[call-arg]
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )


@contextmanager
def serve(
    app: ASGIApp, taken: Sequence[socket.socket], *, patience: int, proxies: str = ""
) -> Iterator[Server]:
    """Serve on reserved ports from a thread of its own until the block ends.

    Once it is told to stop, requests under way get `patience` seconds, and none where the block
    raises. From `proxies`, addresses and networks with commas, what `X-Forwarded-For` says is
    believed.
    """
    server = Server(
        uvicorn.Config(
            app,
            http="httptools",
            loop="uvloop",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies,
            timeout_graceful_shutdown=patience,
        )
    )

    thread = Thread(target=server.run, args=(list(taken),), name="server", daemon=True)
    thread.start()
    try:
        while thread.is_alive() and not server.started:
            time.sleep(0.01)
        yield server
    except BaseException:
        server.force_exit = True
        raise
    finally:
        server.stop()
        thread.join()
