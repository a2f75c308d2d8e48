"""A private Memcached on a free port of this machine."""

import getpass
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.services import processes


def installed() -> bool:
    return shutil.which("memcached") is not None


@contextmanager
def memcached(folder: Path, *, port: int | None = None) -> Iterator[str]:
    """Run a server until the block ends, on a free port or a given one; answers its URL."""
    folder.mkdir(parents=True, exist_ok=True)
    port, log = port or processes.free_port(), folder / "memcached.log"
    server = processes.start(
        ["memcached", "-l", "127.0.0.1", "-p", str(port), "-U", "0", "-u", getpass.getuser()],
        log=log,
    )
    try:
        processes.wait_until(
            lambda: processes.answers(port), server, name="Memcached", log=log, seconds=10
        )
        yield f"memcached://127.0.0.1:{port}"
    finally:
        processes.stop(server)
