"""What is told to stop stops, whichever of its threads received the signal."""

import signal
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT

WAITS = """
import signal, sys, time
from threading import Thread, get_ident
from runner.interruptions import Interruptions

def receive(number):
    time.sleep(0.2)
    signal.pthread_kill(get_ident(), number)

interruptions = Interruptions()
try:
    Thread(target=receive, args=(int(sys.argv[1]),), daemon=True).start()
    interruptions.wait()
except KeyboardInterrupt:
    print("stopping")
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_that_another_thread_received_ends_the_wait(name: str) -> None:
    number = str(getattr(signal, name).value)
    waits = [sys.executable, "-c", WAITS, number]
    ended = subprocess.run(waits, cwd=ROOT, capture_output=True, text=True, timeout=20, check=True)
    assert ended.stdout == "stopping\n"
