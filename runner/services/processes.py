"""Child processes that end with us, however we end."""

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from runner.refused import Refused

_PR_SET_PDEATHSIG = 1  # linux/prctl.h

_PORTS: Sequence[int] = range(20_000, 32_000)
"""Below those that systems give to connections on their way out."""


class ServiceFailed(Refused):
    """A server did not come up; the message says where its log is."""


def free_port() -> int:
    """A port that stays free: no connection is given it as its own end while nobody listens there.

    Whoever tries again and again to reach a server that is to come would in the end be given the
    server's port, and find itself.

    Raises:
        ServiceFailed: a hundred of them were taken.
    """
    for _ in range(100):
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise ServiceFailed(f"A hundred ports from {_PORTS[0]} to {_PORTS[-1]} are taken")


def _die_with_parent() -> None:
    ctypes.CDLL("libc.so.6").prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def start(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a server in a session of its own, so that Ctrl-C reaches only us.

    The kernel sends it SIGTERM when the thread that called us ends, even by SIGKILL. What an
    earlier run left of the same program beside the same log is ended first.
    """
    pid_file = log.with_name(f"{Path(command[0]).name}.pid")
    _end_stale(pid_file)
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
            preexec_fn=_die_with_parent if os.uname().sysname == "Linux" else None,
            user=user,
        )
    pid_file.write_text(f"{process.pid} {_started_at(process.pid)}\n")
    return process


def wait_until(
    ready: Callable[[], bool],
    process: "subprocess.Popen[bytes]",
    *,
    name: str,
    log: Path,
    seconds: float,
) -> None:
    """Poll until a server answers.

    Raises:
        ServiceFailed: it ended, or took longer than `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise ServiceFailed(f"{name} ended with code {process.returncode}; see {log}")
        if time.monotonic() > deadline:
            raise ServiceFailed(f"{name} did not answer within {seconds:.0f} s; see {log}")
        time.sleep(0.05)


def stop(process: "subprocess.Popen[bytes]", *, ask: signal.Signals = signal.SIGTERM) -> None:
    """Ask its whole session to end, then insist."""
    if process.poll() is None:
        os.killpg(process.pid, ask)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _end_stale(pid_file: Path) -> None:
    """End a server whose runner was killed, and wait for it: its files are in use until then.

    A process id is recycled, so the moment its process was started is compared, too.
    """
    try:
        pid, started_at = pid_file.read_text().split(maxsplit=1)
    except (FileNotFoundError, ValueError):
        return
    session = int(pid)
    if _started_at(session) not in {started_at.strip(), ""}:
        return
    for number, seconds in ((signal.SIGTERM, 20), (signal.SIGKILL, 5)):
        deadline = time.monotonic() + seconds
        if _is_alive(session):
            with suppress(ProcessLookupError):
                os.killpg(session, number)
        while _is_alive(session) and time.monotonic() < deadline:
            time.sleep(0.05)


def _is_alive(session: int) -> bool:
    """Whether anything of a session runs; a process that nobody waited for does not."""
    return any(
        fields[3] == str(session) and fields[0] not in {"Z", "X"}
        for stat in Path("/proc").glob("[0-9]*/stat")
        if (fields := _stat(stat))
    )


def _started_at(pid: int) -> str:
    """In clock ticks since the machine started; empty where there is no such process."""
    fields = _stat(Path(f"/proc/{pid}/stat"))
    return fields[19] if fields else ""


def _stat(path: Path) -> list[str]:
    """What follows the program's name: state, parent, group, session, … (man 5 proc)."""
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def answers(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
