"""Runners that are gone after the test, however it ends."""

import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.runner.processes import Up


@pytest.fixture
def data() -> Iterator[Path]:
    # Not pytest's own folder: PostgreSQL's user must be able to enter it.
    with tempfile.TemporaryDirectory(prefix="luxaris-runner-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


@pytest.fixture
def up(data: Path) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def start(*arguments: Any, **more: Any) -> Up:
        started.append(Up(data, *arguments, **more))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.stop(signal.SIGTERM)
