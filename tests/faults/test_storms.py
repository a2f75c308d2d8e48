"""A short storm with every run of the tests; `make faults` has twenty long ones."""

import subprocess
import sys

import pytest

from tests.running import ROOT


@pytest.mark.timeout(180)
def test_nothing_is_lost_and_nothing_is_sent_twice() -> None:
    command = [sys.executable, "-m", "tests.faults", "--seed", "3"]
    ended = subprocess.run(
        [*command, "--posts", "60", "--seconds", "4"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert ended.returncode == 0, ended.stderr
