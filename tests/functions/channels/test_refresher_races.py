"""Renewals that are raced, overtaken or cut off: nothing is lost, and a person always wins."""

import ast
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.author import Author
from tests.refresher import make_renewal_due, stored, tick, wait_for_renewal
from tests.running import ROOT
from tests.simulator.client import Simulator

NOTHING = {"renewed": 0, "missed": 0, "refused": 0, "void": 0}
RUN = "from functions.channels.token_refresher import handler; print(handler({}, None))"


@pytest.fixture
def author(owner: Account, simulator: Simulator) -> Author:
    return Author.of(owner)


@pytest.fixture
def connected(author: Author, simulator: Simulator) -> tuple[str, dict[str, str]]:
    """A connection, and what was typed to make it."""
    fields = simulator.account("bluesky")
    return connect(author, fields), fields


def connect(author: Author, fields: dict[str, str]) -> str:
    answer = author.api.post("/channels/connect", {"channel_id": "bluesky", "credentials": fields})
    assert answer.status == 201, answer.content
    connection: str = answer.json["id"]
    return connection


def status(author: Author, connection: str) -> Any:
    return author.api.get(f"/channels/connections/{connection}").json["data"]["status"]


def disconnect(author: Author, connection: str, fields: dict[str, str]) -> None:
    assert author.api.delete(f"/channels/connections/{connection}").status == 200


def connect_again(author: Author, connection: str, fields: dict[str, str]) -> None:
    disconnect(author, connection, fields)
    assert connect(author, fields) == connection


@pytest.mark.parametrize(
    ("meanwhile", "ends"),
    [(disconnect, "disconnected"), (connect_again, "connected")],
)
def test_what_a_person_does_meanwhile_wins(
    author: Author,
    connected: tuple[str, dict[str, str]],
    simulator: Simulator,
    meanwhile: Callable[[Author, str, dict[str, str]], None],
    ends: str,
) -> None:
    connection, fields = connected
    make_renewal_due()
    simulator.fail("bluesky", "hang_after_accepting", call="session", seconds=1)
    with ThreadPoolExecutor(1) as pool:
        ticked = pool.submit(tick)
        wait_for_renewal(simulator, fields["handle"])
        meanwhile(author, connection, fields)
        kept = stored(connection)
        assert ticked.result() == {**NOTHING, "void": 1}
    after = stored(connection)
    assert (after.credentials, after.next_refresh_at) == (kept.credentials, kept.next_refresh_at)
    assert after.refresh_lease_until is None
    assert status(author, connection) == ends


@pytest.mark.parametrize(
    ("grace", "sessions"), [(60, {"made": 1, "renewed": 2}), (0, {"made": 2, "renewed": 1})]
)
def test_a_worker_that_dies_with_the_answer_costs_a_lease(
    author: Author,
    connected: tuple[str, dict[str, str]],
    simulator: Simulator,
    grace: int,
    sessions: dict[str, int],
) -> None:
    """And a session at most, where the used refresh token is good for nothing any more."""
    connection, fields = connected
    before = stored(connection).credentials
    make_renewal_due()
    simulator.let_tokens_live(grace=grace)
    simulator.fail("bluesky", "hang_after_accepting", call="session", seconds=5)
    with subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT) as worker:
        try:
            wait_for_renewal(simulator, fields["handle"])
        finally:
            worker.kill()
    assert stored(connection).credentials == before, "the old ones stay until new ones are stored"
    assert tick() == NOTHING, "its lease is honoured"
    make_renewal_due()
    assert tick() == {**NOTHING, "renewed": 1}
    assert simulator.sessions(fields["handle"]) == sessions
    assert status(author, connection) == "connected"
    assert tick() == NOTHING


def test_workers_at_once_in_processes_of_their_own_call_the_network_once(
    author: Author, connected: tuple[str, dict[str, str]], simulator: Simulator
) -> None:
    _, fields = connected
    make_renewal_due()
    simulator.fail("bluesky", "hang_after_accepting", call="session", seconds=1.5)
    workers = [
        subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    tallies = [ast.literal_eval(worker.communicate(timeout=60)[0]) for worker in workers]
    assert sorted(tally["renewed"] for tally in tallies) == [0, 1]
    assert simulator.sessions(fields["handle"]) == {"made": 1, "renewed": 1}


def test_an_outage_of_the_database_while_storing_loses_nothing(
    author: Author, connected: tuple[str, dict[str, str]], simulator: Simulator
) -> None:
    """Whoever has the answer goes on trying for a while."""
    connection, fields = connected
    make_renewal_due()
    simulator.fail("bluesky", "hang_after_accepting", call="session", seconds=1)
    with ThreadPoolExecutor(1) as pool:
        ticked = pool.submit(tick)
        wait_for_renewal(simulator, fields["handle"])
        with engine().connect() as database:
            database.execute(text("SELECT 1 FROM channel_connections FOR UPDATE"))
            time.sleep(6.5)  # longer than a transaction waits for a lock
        assert ticked.result() == {**NOTHING, "renewed": 1}
    assert simulator.sessions(fields["handle"]) == {"made": 1, "renewed": 1}
    assert stored(connection).refresh_lease_until is None
