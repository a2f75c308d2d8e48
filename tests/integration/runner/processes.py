"""The runner as a person starts it: a process of its own, watched from outside."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[3]
SMALL = Path(__file__).parent / "small_house" / "template.yaml"

_STOPS_WITHIN = 90
"""Seconds: ten for what is under way, and a minute that PostgreSQL is given for its checkpoint."""

_ENVIRONMENT = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}


def run(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, seconds: float = 60
) -> "subprocess.CompletedProcess[str]":
    """Run a command of the runner to its end."""
    return subprocess.run(
        _command(*arguments),
        capture_output=True,
        text=True,
        timeout=seconds,
        env={**_ENVIRONMENT, **(environment or {})},
        check=False,
    )


def start(*arguments: str | Path) -> "subprocess.Popen[str]":
    """Run a command of the runner, in a process group of its own, and do not wait for it."""
    return subprocess.Popen(
        _command(*arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_ENVIRONMENT,
        start_new_session=True,
    )


def _command(*arguments: str | Path) -> list[str]:
    return [sys.executable, str(ROOT / "local_runner.py"), *map(str, arguments)]


class Up:
    """``local_runner.py up`` over the small house, on a free port."""

    def __init__(
        self,
        data: Path,
        *arguments: str | Path,
        template: Path = SMALL,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.process = subprocess.Popen(
            _command(
                *("up", "--port", "0", "--data", data, "--template", template, *arguments),
            ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**_ENVIRONMENT, "SIMULATOR_URL": "http://127.0.0.1:9", **(environment or {})},
        )
        self.said: list[str] = []
        self.logged: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.said), (self.process.stderr, self.logged))
        ]
        for reader in self._readers:
            reader.start()
        self.until(lambda: any("Ctrl-C" in line for line in self.said))
        (found,) = (re.search(r"API +(\S+)/api/v1", line) for line in self.said if "API  " in line)
        assert found is not None
        self.url = found[1]

    def _read(self, stream: Any, lines: list[str]) -> None:
        lines.extend(line.rstrip("\n") for line in stream)

    def until(self, happened: Callable[[], object], *, seconds: float = 40) -> None:
        deadline = time.monotonic() + seconds
        while not happened():
            running = self.process.poll() is None
            told = "\n".join([*self.said, *self.logged])
            assert running, f"the runner ended:\n{told}"
            assert time.monotonic() < deadline, f"did not happen:\n{told}"
            time.sleep(0.02)

    def logs(self, event: str) -> list[dict[str, Any]]:
        """The fields of each log line of that event."""
        lines = [json.loads(line) for line in list(self.logged) if line.startswith("{")]
        return [line for line in lines if line["event"] == event]

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(self.url)
        assert parts.hostname is not None
        connection = HTTPConnection(parts.hostname, parts.port, timeout=20)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, names, answer.read()
        finally:
            connection.close()

    def stop(self, signal_number: int) -> int:
        """Send a signal and wait; answers the exit code."""
        self.process.send_signal(signal_number)
        code = self.process.wait(_STOPS_WITHIN)
        for reader in self._readers:
            reader.join(10)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code


def processes_using(folder: Path) -> list[str]:
    """The command lines of all processes that name a folder or work in it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            place = (entry / "cwd").resolve()
        except OSError:
            continue
        if str(folder) in command or place.is_relative_to(folder):
            found.append(command)
    return found
