"""What a process takes is counted with its children's."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.benchmarks.consumption import cpu_seconds, family, resident_bytes

_BUSY = "sum(range(20_000_000)); held = bytearray(50_000_000); print(flush=True); input()"


@pytest.fixture
def child() -> Iterator[int]:
    """A process that has computed and holds 50 MB, and waits."""
    with subprocess.Popen(
        [sys.executable, "-c", _BUSY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
        process.kill()


def test_children_count(child: int) -> None:
    assert child in family(os.getpid())
    assert family(child) == [child]
    assert resident_bytes(child) > 50_000_000
    assert resident_bytes(os.getpid()) > resident_bytes(child)
    assert cpu_seconds(child) > 0.05
    assert cpu_seconds(os.getpid()) > cpu_seconds(child)
