"""The simulator on a port of the loopback address: in a thread here, or in the foreground."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from tests.simulator.app import create_app

_BACKLOG = 2048


@contextmanager
def running(port: int = 0, memory: Path | None = None) -> Iterator[str]:
    """Serve as long as the block; gives the address. Port 0 is any that is free."""
    with serving(create_app(memory), port) as url:
        yield url


@contextmanager
def serving(app: Starlette, port: int = 0) -> Iterator[str]:
    """Serve any imitation as long as the block; gives the address."""
    listener = _listener(port)
    server = uvicorn.Server(_settings(app))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.005)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def serve(port: int, memory: Path | None) -> None:
    """Serve until a signal ends the process."""
    with _listener(port) as listener:
        uvicorn.Server(_settings(create_app(memory))).run([listener])


def _settings(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,
        backlog=_BACKLOG,
        lifespan="off",
        log_level="critical",
        timeout_graceful_shutdown=1,
    )


def _listener(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    return listener
