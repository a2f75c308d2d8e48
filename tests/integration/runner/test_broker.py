"""The broker away at the start, there, lost in the middle and back: work goes on, nothing lost."""

import signal
from collections.abc import Callable
from pathlib import Path

from runner.services import processes
from runner.services.rabbitmq import rabbitmq
from tests.integration.runner.messages import numbers, read, send, waiting
from tests.integration.runner.processes import Up


def test_work_waits_for_the_broker(up: Callable[..., Up], data: Path) -> None:
    port = processes.free_port()
    runner = up(
        *("--concurrency", "1"),
        environment={
            "BROKER_URL": f"amqp://guest:guest@127.0.0.1:{port}/%2F",
            "LOGGING_LEVEL": "INFO",
        },
    )
    runner.until(lambda: sentences(runner))
    assert f"127.0.0.1:{port} cannot be reached" in sentences(runner)[0]
    assert "guest:" not in sentences(runner)[0]
    assert runner.request("GET", "/api/v1/echo/x")[0] == 200

    with rabbitmq(data.parent / "rabbitmq", port=port) as url:
        runner.until(lambda: len(sentences(runner)) == 2)
        assert "is back" in sentences(runner)[1]
        send(url, *({"n": n} for n in range(25)))
        runner.until(lambda: len(numbers(runner)) == 25)
        assert sorted(numbers(runner)) == list(range(25))

        send(url, {"n": 25, "fails": True})
        runner.until(lambda: 25 in numbers(runner))
        failed = [each["function"] for each in runner.logs("invocation_failed")]
        assert failed.count("Reader") == 1
        assert [each["redelivered"] for each in read(runner)][-1] is True
        runner.until(lambda: waiting(url) == 0)

        send(url, {"n": 26, "seconds": 4})
        runner.until(
            lambda: any(each["body"].get("n") == 26 for each in runner.logs("message_begun"))
        )

    runner.until(lambda: len(sentences(runner)) == 3)
    assert "cannot be reached" in sentences(runner)[2]
    assert 26 not in numbers(runner)
    with rabbitmq(data.parent / "rabbitmq", port=port) as url:
        runner.until(lambda: numbers(runner).count(26) == 2)
        assert [each["redelivered"] for each in read(runner)][-2:] == [False, True]
        send(url, {"n": 27})
        runner.until(lambda: 27 in numbers(runner))
        assert sorted(numbers(runner)) == [*range(27), 26, 27]
        assert len(sentences(runner)) == 4
        assert runner.stop(signal.SIGINT) == 0
        assert waiting(url) == 0


def sentences(runner: Up) -> list[str]:
    return [line for line in runner.said if line.startswith("The broker")]
