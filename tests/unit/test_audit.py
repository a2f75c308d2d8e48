"""The audit of libraries says what it was told, and that it was told nothing."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@contextmanager
def index(told: Any) -> Iterator[str]:
    """An index of packages that tells this of each."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def audit(place: Path, asks: str, *, verdict: int = 0) -> "subprocess.CompletedProcess[str]":
    """The script, beside a pip-audit that has this verdict."""
    tools = place / ".venv/bin"
    tools.mkdir(parents=True)
    (tools / "python").symlink_to(sys.executable)
    (tools / "pip-audit").write_text(f'#!/bin/sh\necho "asked: $*"\nexit {verdict}\n')
    (tools / "pip-audit").chmod(0o755)
    (place / ".ci").mkdir()
    script = place / ".ci/audit"
    script.write_bytes((ROOT / ".ci/audit").read_bytes())
    script.chmod(0o755)
    return subprocess.run(
        [script],
        env={**os.environ, "AUDIT_ASKS": asks},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_check_waits_for_no_audit_that_takes_its_time(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    slow = tmp_path / ".ci/audit"
    slow.write_text("#!/bin/sh\nsleep 60\n")
    slow.chmod(0o755)
    ended = subprocess.run(
        ["make", "--file", ROOT / "Makefile", "check-audit", "AUDIT_SECONDS=0.2"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 0
    assert "no answer within 0.2 s" in ended.stderr


@pytest.mark.parametrize("told", [{}, {"vulnerabilities": []}, ["unheard of"]])
def test_who_knows_of_no_holes_at_all_is_not_believed(tmp_path: Path, told: Any) -> None:
    with index(told) as asks:
        ended = audit(tmp_path, asks)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "nothing is said about ours" in ended.stderr


def test_where_nobody_answers_it_says_so(tmp_path: Path) -> None:
    ended = audit(tmp_path, "http://127.0.0.1:9/")
    assert (ended.returncode, ended.stdout) == (3, "")
    assert "nobody" in ended.stderr


@pytest.mark.parametrize("verdict", [0, 1])
def test_the_verdict_is_of_who_knows(tmp_path: Path, verdict: int) -> None:
    with index({"vulnerabilities": [{"id": "PYSEC-2014-8"}]}) as asks:
        ended = audit(tmp_path, asks, verdict=verdict)
    assert ended.returncode == verdict
    assert "--strict" in ended.stdout
    assert "requirements.txt" in ended.stdout
