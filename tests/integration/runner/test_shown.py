"""What the documents show, given for real: calls of a running server, and what makes no change."""

import re
import shlex
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from runner.template import PATH
from tests.integration.runner.processes import ROOT, Up

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]


def _shown(word: str) -> list[str]:
    blocks = re.compile(r"^ *```console\n(.*?)```", re.DOTALL | re.MULTILINE)
    lines = [
        line.strip()
        for page in PAGES
        for block in blocks.findall(page.read_text())
        for line in block.splitlines()
    ]
    return [line for line in lines if line.startswith(f"{word} ")]


def test_calls_that_are_shown_succeed_one_after_the_other(up: Callable[..., Up]) -> None:
    calls = _shown("curl")
    assert calls
    runner = up("--services", "embedded", template=PATH)
    for call in calls:
        words = shlex.split(call.replace("localhost:8000", urlsplit(runner.url).netloc))
        given = subprocess.run([*words, "--fail"], capture_output=True, text=True, check=False)
        assert given.returncode == 0, f"{call}: {given.stdout}{given.stderr}"
    assert "access_token" in given.stdout
    assert runner.stop(signal.SIGTERM) == 0


def test_make_lists_what_the_documents_tell_to_make() -> None:
    given = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = set(re.findall(r"^  make (\w+)", given.stdout, re.MULTILINE))
    told = {target for page in PAGES for target in re.findall(r"\bmake ([a-z]+)\b`?", _code(page))}
    assert told - listed == set()


def _code(page: Path) -> str:
    return "\n".join(re.findall(r"```console\n.*?```|`[^`\n]+`", page.read_text(), re.DOTALL))
