"""The servers the engine stands on, each of which can be stopped and started while it works."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from runner.services.memcached import memcached
from runner.services.postgres import embedded_postgres
from runner.services.processes import free_port
from runner.services.rabbitmq import rabbitmq


class Server:
    """Comes back under the URL it had."""

    def __init__(self, run: Callable[[], AbstractContextManager[str]]) -> None:
        self._run = run
        self._stack = ExitStack()
        self.url = ""
        self.is_up = False

    def start(self) -> None:
        if not self.is_up:
            self.url = self._stack.enter_context(self._run())
            self.is_up = True

    def stop(self) -> None:
        self.is_up = False
        self._stack.close()


class Database(Server):
    def __init__(self, folder: Path) -> None:
        super().__init__(lambda: embedded_postgres(folder))
        self._pid_file = folder / "postgres" / "postmaster.pid"

    def crash(self) -> None:
        """End at once, as a power cut would: what was not committed is lost."""
        pid = int(self._pid_file.read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.01)
        self.stop()


@dataclass(frozen=True, kw_only=True)
class Servers:
    database: Database
    broker: Server
    cache: Server

    def start(self) -> None:
        """Those that are down."""
        for server in (self.database, self.broker, self.cache):
            server.start()


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """All of them, up, until the block ends."""
    started = Servers(
        database=Database(folder),
        broker=Server(partial(rabbitmq, folder, port=free_port())),
        cache=Server(partial(memcached, folder, port=free_port())),
    )
    try:
        started.start()
        yield started
    finally:
        for server in (started.broker, started.cache, started.database):
            server.stop()
