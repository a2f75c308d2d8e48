"""Queues are worked off in a process of their own, which is missed by nobody when it dies."""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from runner.services.memcached import memcached
from runner.services.rabbitmq import rabbitmq
from tests.integration.runner.messages import numbers, send
from tests.integration.runner.processes import Up, run


def test_what_a_worker_did_goes_on_when_it_dies(up: Callable[..., Up], data: Path) -> None:
    journal = data.parent / "journal.jsonl"
    with rabbitmq(data.parent / "rabbitmq") as url:
        runner = up("--journal", journal, environment=_environment(url))
        (worker,) = _workers(runner)
        assert os.sched_getaffinity(worker) == os.sched_getaffinity(0)
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


def test_several_share_requests_and_queues(up: Callable[..., Up], data: Path) -> None:
    with rabbitmq(data.parent / "rabbitmq") as url, memcached(data.parent / "memcached") as cache:
        environment = {**_environment(url), "CACHE_URL": cache}
        runner = up("--processes", "3", environment=environment)
        children = _workers(runner)
        assert len(children) == 5  # two doors beside ours, three who work off queues
        for number in range(6):
            send(url, {"n": number})
        runner.until(lambda: sorted(numbers(runner)) == list(range(6)))
        assert sorted(_answering(runner, connections=6).values()) == [2, 2, 2]

        os.kill(children[-1], signal.SIGKILL)
        runner.until(lambda: runner.logs("worker_died"))
        for _ in range(20):
            assert runner.request("GET", "/api/v1/echo")[0] == 200
        assert runner.stop(signal.SIGTERM) == 0
        assert not any(_exists(child) for child in children)


def test_each_keeps_to_a_core_where_there_is_one_for_each_but_for_what_computes_by_itself(
    up: Callable[..., Up], data: Path
) -> None:
    every = os.sched_getaffinity(0)
    first, second = ({each} for each in sorted(every)[:2])
    with rabbitmq(data.parent / "rabbitmq") as url, memcached(data.parent / "memcached") as cache:
        environment = {**_environment(url), "CACHE_URL": cache}
        with _only(first | second):
            runner = up("--processes", "2", environment=environment)
        *consumers, door = _workers(runner)
        for number in range(4):
            send(url, {"n": number})
        runner.until(lambda: sorted(numbers(runner)) == list(range(4)))
        _answering(runner, connections=4)
        assert [os.sched_getaffinity(each) for each in consumers] == [first, second]
        assert [os.sched_getaffinity(each) for each in (runner.process.pid, door)] == [
            first,
            second,
        ]
        assert all(each == second for each in _cores_of_threads(door))
        reading = [each for process in consumers for each in _cores_of_threads(process)]
        assert first | second in reading


def test_what_would_not_be_shared_is_refused(data: Path) -> None:
    refused = run("up", "--data", data, "--services", "embedded", "--processes", "2")
    assert refused.returncode == 2
    assert "--services system" in refused.stderr


def _answering(runner: Up, *, connections: int) -> Counter[int]:
    """How many of so many connections that stay open each process answers."""
    place = urlsplit(runner.url)
    with ExitStack() as stack:
        answering = []
        for _ in range(connections):
            connection = stack.enter_context(closing(HTTPConnection(place.netloc, timeout=20)))
            connection.request("GET", "/api/v1/echo/x")
            answering.append(json.loads(connection.getresponse().read())["process"])
        return Counter(answering)


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


@contextmanager
def _only(cores: set[int]) -> Iterator[None]:
    """What is started in the block knows of no others."""
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, every)


def _cores_of_threads(process: int) -> list[set[int]]:
    return [
        os.sched_getaffinity(int(each.name)) for each in Path(f"/proc/{process}/task").iterdir()
    ]


def _exists(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
