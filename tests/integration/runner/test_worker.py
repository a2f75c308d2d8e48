"""Queues are worked off in a process of their own, which is missed by nobody when it dies."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from runner.services.rabbitmq import rabbitmq
from tests.integration.runner.messages import numbers, send
from tests.integration.runner.processes import Up


def test_what_a_worker_did_goes_on_when_it_dies(up: Callable[..., Up], data: Path) -> None:
    journal = data.parent / "journal.jsonl"
    with rabbitmq(data.parent / "rabbitmq") as url:
        runner = up("--journal", journal, environment=_environment(url))
        (worker,) = _workers(runner)
        send(url, {"n": 1})
        runner.until(lambda: numbers(runner) == [1])
        assert '"Reader"' in journal.read_text()

        os.kill(worker, signal.SIGKILL)
        runner.until(lambda: runner.logs("worker_died"))
        send(url, {"n": 2})
        runner.until(lambda: numbers(runner) == [1, 2])
        assert runner.stop(signal.SIGTERM) == 0


def test_a_worker_ends_what_runs_when_it_is_told_to_stop(up: Callable[..., Up], data: Path) -> None:
    with rabbitmq(data.parent / "rabbitmq") as url:
        runner = up(environment=_environment(url))
        (worker,) = _workers(runner)
        send(url, {"n": 1, "seconds": 1})
        runner.until(lambda: runner.logs("message_begun"))
        assert runner.stop(signal.SIGINT) == 0
        assert numbers(runner) == [1]
        assert not runner.logs("worker_died")
        assert not _exists(worker)


def test_a_worker_does_not_outlive_its_runner(up: Callable[..., Up], data: Path) -> None:
    with rabbitmq(data.parent / "rabbitmq") as url:
        runner = up(environment=_environment(url))
        (worker,) = _workers(runner)
        send(url, {"n": 1, "seconds": 60})
        runner.until(lambda: runner.logs("message_begun"))
        assert runner.stop(signal.SIGKILL) == -signal.SIGKILL
        deadline = time.monotonic() + 5
        while _exists(worker):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def _environment(url: str) -> dict[str, str]:
    return {"BROKER_URL": url, "LOGGING_LEVEL": "INFO"}


def _workers(runner: Up) -> list[int]:
    """The children of the runner that are runners themselves."""
    children = Path(f"/proc/{runner.process.pid}/task").glob("*/children")
    return [
        int(child)
        for each in children
        for child in each.read_text().split()
        if b"local_runner.py" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def _exists(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
