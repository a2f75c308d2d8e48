"""A Redis that keeps nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.services import processes


@contextmanager
def redis(folder: Path) -> Iterator[int]:
    """Answers its port; it runs until the block ends."""
    port, log = processes.free_port(), folder / "redis.log"
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    server = processes.start([*command, "--save", "", "--appendonly", "no"], log=log)
    try:
        processes.wait_until(
            lambda: processes.answers(port), server, name="Redis", log=log, seconds=10
        )
        yield port
    finally:
        processes.stop(server)
