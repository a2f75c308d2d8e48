"""SIGKILL at the two moments that matter; after a restart every post is there, once."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import register
from tests.author import Author, in_future
from tests.faults.wire import Wire
from tests.running import Runner
from tests.simulator.client import Simulator

LEASE = "3"
NETWORKS = ("mastodon", "bluesky")


def wait_until(happened: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"never seen: {what}"
        time.sleep(0.02)


def statuses() -> list[str]:
    with engine().connect() as connection:
        return list(connection.scalars(text("SELECT status FROM schedules ORDER BY id")))


@contextmanager
def running(folder: Path, environment: dict[str, str], **changes: str) -> Iterator[Runner]:
    runner = Runner(folder, {**environment, "PUBLISHING_LEASE_SECONDS": LEASE, **changes})
    runner.start()
    try:
        yield runner
    finally:
        runner.kill()


def schedule_on_all(author: Author, *, seconds: float) -> list[str]:
    prepared = [
        (author.write("It must arrive once", network)[1], author.connect(network))
        for network in NETWORKS
    ]
    run_at = in_future(seconds=seconds)
    return [author.schedule(*each, run_at=run_at) for each in prepared]


@pytest.mark.usefixtures("database")
def test_killed_between_claim_and_send(
    tmp_path: Path, environment: dict[str, str], simulator: Simulator
) -> None:
    broker = urlsplit(environment["BROKER_URL"])
    assert broker.port is not None
    wire = Wire(broker.port, word=b"schedule_id")
    swallowed = environment["BROKER_URL"].replace(f":{broker.port}/", f":{wire.port}/")
    with running(tmp_path, environment, BROKER_URL=swallowed) as runner:
        author = Author.of(register(runner.api))
        schedules = schedule_on_all(author, seconds=2)
        wait_until(lambda: statuses() == ["queued", "queued"], "both claimed")
        runner.kill()
    wire.cut()
    assert simulator.receipts() == []
    with running(tmp_path, environment) as runner:
        wait_until(lambda: statuses() == ["success", "success"], "both published")
    assert_each_arrived_once(simulator, len(schedules))


@pytest.mark.usefixtures("database")
def test_killed_between_send_and_record(
    tmp_path: Path, environment: dict[str, str], simulator: Simulator
) -> None:
    for network in NETWORKS:
        simulator.fail(network, "hang_after_accepting", seconds=60)
    with running(tmp_path, environment, HTTP_CLIENT_TIMEOUT="60") as runner:
        author = Author.of(register(runner.api))
        schedules = schedule_on_all(author, seconds=2)
        wait_until(lambda: len(simulator.receipts()) == len(NETWORKS), "both accepted")
        assert statuses() == ["processing", "processing"]
        runner.kill()
    with running(tmp_path, environment):
        wait_until(lambda: statuses() == ["success", "success"], "both found")
    assert_each_arrived_once(simulator, len(schedules))


def assert_each_arrived_once(simulator: Simulator, expected: int) -> None:
    receipts = simulator.receipts()
    assert len(receipts) == expected
    assert {receipt["network"] for receipt in receipts} == set(NETWORKS)
