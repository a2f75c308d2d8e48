"""The real runner as a process of its own, and a small client for its HTTP side."""

import json as json_codec
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from runner.services.processes import free_port
from tests.api import Api, ApiAnswer

ROOT = Path(__file__).parent.parent


class Runner:
    """`python local_runner.py up`, started and ended as often as a test likes."""

    def __init__(self, folder: Path, environment: Mapping[str, str], *arguments: str) -> None:
        self.port = free_port()
        self._folder = folder
        self._environment = {**os.environ, **environment}
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self.api = HttpApi(f"http://127.0.0.1:{self.port}")

    @property
    def log(self) -> Path:
        return self._folder / "runner.log"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, *, seconds: float = 60) -> None:
        """Start and wait until it answers."""
        command = [sys.executable, "local_runner.py", "up", "--port", str(self.port)]
        command += ["--data", str(self._folder / "data"), *self._arguments]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=output, stderr=output
            )
        deadline = time.monotonic() + seconds
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(self.log.read_text())
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Ask it to end; answers its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(90)

    def _answers(self) -> bool:
        try:
            return self.api.get("/openapi.json").status == 200
        except OSError:
            return False


class HttpApi(Api):
    """The same front door, from outside: over a socket."""

    def __init__(self, url: str, token: str | None = None) -> None:
        super().__init__([], token)
        self._url = url

    def as_user(self, token: str) -> "HttpApi":
        return HttpApi(self._url, token)

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes = b"",
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        source_ip: str = "127.0.0.1",
    ) -> ApiAnswer:
        sent = {"content-type": "application/json", **(headers or {})}
        if self._token is not None:
            sent["authorization"] = f"Bearer {self._token}"
        body = content if json is None else json_codec.dumps(json).encode()
        url = f"{self._url}/api/v1{path}"
        if query:
            url = f"{url}?{urlencode(query)}"
        request = Request(url, body or None, sent, method=method)
        try:
            with urlopen(request, timeout=30) as answer:
                return _answer_of(answer.status, answer)
        except HTTPError as error:
            with error:
                return _answer_of(error.code, error)


def _answer_of(status: int, answer: Any) -> ApiAnswer:
    return ApiAnswer(status=status, headers=dict(answer.headers), content=answer.read())
