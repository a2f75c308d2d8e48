"""The HTTP server, on a port of this machine that is taken before anything else."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

from runner.refused import Refused


def reserve(port: int) -> socket.socket:
    """Take a port of this machine before anything is started; 0 takes a free one.

    Raises:
        Refused: somebody else has it.
    """
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Or an answer's body waits until its head is acknowledged, which takes 40 ms on Linux.
    taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        taken.bind(("127.0.0.1", port))
        taken.listen()
    except PermissionError as error:
        taken.close()
        raise Refused(f"Port {port} needs privileges; choose another with --port") from error
    except OSError as error:
        taken.close()
        raise Refused(f"Port {port} is taken; choose another with --port") from error
    return taken


@contextmanager
def serve(app: ASGIApp, taken: socket.socket, *, patience: int) -> Iterator[Callable[[], None]]:
    """Serve on a reserved port from a thread of its own until the block ends.

    Answers what to call to take no more requests; those under way get `patience` seconds, and none
    where the block raises.
    """
    server = uvicorn.Server(
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
            proxy_headers=False,
            timeout_graceful_shutdown=patience,
        )
    )

    def stop() -> None:
        server.should_exit = True

    thread = Thread(target=server.run, args=([taken],), name="server", daemon=True)
    thread.start()
    try:
        while thread.is_alive() and not server.started:
            time.sleep(0.01)
        yield stop
    except BaseException:
        server.force_exit = True
        raise
    finally:
        stop()
        thread.join()
