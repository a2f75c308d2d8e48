"""The timer function that renews what connections sign in with."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from functions.channels.token_refresher import handler
from shared.channels.application.refresh_credentials import BATCH
from shared.channels.domain.renewal import LEASE
from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.author import Author
from tests.functions.channels.instance import Instance, connect
from tests.happened import told
from tests.refresher import credentials_of, make_renewal_due, refresher, stored, tick
from tests.simulator.client import Simulator
from tests.simultaneously import simultaneously

NOTHING = {"renewed": 0, "missed": 0, "refused": 0, "void": 0}
EVENTS = Path(__file__).parents[2] / "events"


@pytest.fixture
def author(owner: Account, simulator: Simulator) -> Author:
    return Author.of(owner)


def shown(author: Author, connection_id: str) -> Any:
    return author.api.get(f"/channels/connections/{connection_id}").json["data"]


def handle(author: Author, connection_id: str) -> str:
    username: str = shown(author, connection_id)["account_username"]
    return username.removeprefix("@")


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database in the block."""
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        asked.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def test_a_connection_shows_when_it_expires_and_when_it_is_renewed(author: Author) -> None:
    connection = shown(author, author.connect("bluesky"))
    expires_at = datetime.fromisoformat(connection["token_expires_at"])
    refreshes_at = datetime.fromisoformat(connection["refreshes_at"])
    now = datetime.now(UTC)
    assert timedelta(minutes=119) < expires_at - now <= timedelta(hours=2)
    assert timedelta(minutes=59) < refreshes_at - now <= timedelta(minutes=90)
    assert connection["refresh_attempts"] == 0


def test_a_connection_that_lasts_is_never_renewed(owner: Account, instance: Instance) -> None:
    connection = connect(owner.api, instance).json
    assert (connection["token_expires_at"], connection["refreshes_at"]) == (None, None)
    make_renewal_due()
    assert tick() == NOTHING


def test_nothing_due_is_one_query_beside_letting_go(author: Author) -> None:
    author.connect("bluesky")
    tick()
    with statements() as asked:
        assert tick() == NOTHING
    assert [statement.split()[0] for statement in asked] == ["DELETE", "SELECT"]


def test_a_real_event_of_the_timer_does_it(author: Author) -> None:
    author.connect("bluesky")
    make_renewal_due()
    timer = json.loads((EVENTS / "schedule.json").read_text())
    assert handler(timer, None) == {**NOTHING, "renewed": 1}
    assert list(told("CHANNEL_TOKEN_REFRESHED").values()) == [None], "nobody asked for it"


def test_what_is_due_is_renewed_once(author: Author, simulator: Simulator) -> None:
    due, also_due = author.connect("bluesky"), author.connect("bluesky")
    before = credentials_of(due)
    make_renewal_due()
    later = author.connect("bluesky")
    assert tick() == {**NOTHING, "renewed": 2}
    assert tick() == NOTHING
    for connection, renewed in ((due, 1), (also_due, 1), (later, 0)):
        counted = simulator.sessions(handle(author, connection))
        assert counted == {"made": 1, "renewed": renewed}
    after = credentials_of(due)
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == {
        "access_token",
        "refresh_token",
    }
    assert stored(due).refresh_lease_until is None
    assert datetime.fromisoformat(shown(author, due)["refreshes_at"]) > datetime.now(UTC)


def test_more_than_a_batch_is_renewed_in_one_run(author: Author) -> None:
    for _ in range(BATCH + 1):
        author.connect("bluesky")
    make_renewal_due()
    assert tick() == {**NOTHING, "renewed": BATCH + 1}


def test_renewers_at_once_call_the_network_once_for_each(
    author: Author, simulator: Simulator
) -> None:
    connections = [author.connect("bluesky") for _ in range(6)]
    make_renewal_due()
    tallies = simultaneously([tick] * 4)
    assert sum(tally["renewed"] for tally in tallies) == 6
    assert sum(tally["void"] + tally["missed"] + tally["refused"] for tally in tallies) == 0
    for connection in connections:
        assert simulator.sessions(handle(author, connection)) == {"made": 1, "renewed": 1}


@pytest.mark.parametrize("kind", ["server_error_before", "fail_after_accepting", "malformed"])
def test_a_network_in_trouble_is_asked_again_later_and_disconnects_nobody(
    author: Author, simulator: Simulator, kind: str
) -> None:
    connection = author.connect("bluesky")
    simulator.fail("bluesky", kind, call="session", times=5)
    waits = []
    for _ in range(5):
        make_renewal_due()
        assert tick() == {**NOTHING, "missed": 1}
        wait = stored(connection).next_refresh_at - datetime.now(UTC)
        waits.append(wait / timedelta(minutes=1))
    assert waits == pytest.approx([1, 5, 15, 60, 60], abs=0.2)
    found = shown(author, connection)
    assert (found["status"], found["error_message"]) == ("connected", None)
    assert found["refresh_attempts"] == 5
    make_renewal_due()
    assert tick() == {**NOTHING, "renewed": 1}
    assert shown(author, connection)["refresh_attempts"] == 0


def test_a_network_that_is_not_there_disconnects_nobody(
    author: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = author.connect("bluesky")
    make_renewal_due()
    monkeypatch.setenv("HTTP_CLIENT_ALLOW_PRIVATE", "false")
    assert tick() == {**NOTHING, "missed": 1}
    assert shown(author, connection)["status"] == "connected"


def test_a_busy_network_is_asked_again_when_it_wishes(author: Author, simulator: Simulator) -> None:
    connection = author.connect("bluesky")
    make_renewal_due()
    simulator.fail("bluesky", "rate_limit", call="session", retry_after=900)
    assert tick() == {**NOTHING, "missed": 1}
    wait = stored(connection).next_refresh_at - datetime.now(UTC)
    assert timedelta(minutes=14) < wait < timedelta(minutes=16)


def test_a_password_that_was_revoked_puts_the_connection_into_error(
    author: Author, simulator: Simulator
) -> None:
    connection, fine = author.connect("bluesky"), author.connect("bluesky")
    simulator.new_password(handle(author, connection))
    make_renewal_due()
    assert tick() == {**NOTHING, "renewed": 1, "refused": 1}
    found = shown(author, connection)
    assert (found["status"], found["error_message"]) == (
        "error",
        "Invalid identifier or password",
    )
    assert found["refreshes_at"] is None
    assert shown(author, fine)["status"] == "connected"
    make_renewal_due()
    assert tick() == {**NOTHING, "renewed": 1}, "only a person can help the other"


def test_one_that_cannot_be_stored_does_not_take_the_others_with_it(
    author: Author, caplog: pytest.LogCaptureFixture
) -> None:
    broken, fine = author.connect("bluesky"), author.connect("bluesky")
    before = credentials_of(broken), credentials_of(fine)
    make_renewal_due()
    with never_ending_its_lease(broken):
        assert tick() == {**NOTHING, "renewed": 1}
    assert "renewal_not_stored" in caplog.text
    assert credentials_of(broken) == before[0]
    assert credentials_of(fine) != before[1]
    make_renewal_due()
    assert tick() == {**NOTHING, "renewed": 2}


@contextmanager
def never_ending_its_lease(connection: str) -> Iterator[None]:
    """The database refuses, in the block, to store how a connection's renewal ended."""
    with engine().begin() as database:
        database.exec_driver_sql(
            "ALTER TABLE channel_connections ADD CONSTRAINT odd"
            f" CHECK (id <> '{connection}' OR refresh_lease_until IS NOT NULL) NOT VALID"
        )
    try:
        yield
    finally:
        with engine().begin() as database:
            database.exec_driver_sql("ALTER TABLE channel_connections DROP CONSTRAINT odd")


def test_a_lease_lapses_only_when_whoever_held_it_is_gone(environment: dict[str, str]) -> None:
    assert timedelta(seconds=refresher().timeout) < LEASE


def test_what_is_disconnected_is_not_renewed(author: Author) -> None:
    connection = author.connect("bluesky")
    author.api.delete(f"/channels/connections/{connection}")
    found = shown(author, connection)
    assert (found["token_expires_at"], found["refreshes_at"]) == (None, None)
    make_renewal_due()
    assert tick() == NOTHING


def test_a_lost_key_disconnects_nobody(author: Author, caplog: pytest.LogCaptureFixture) -> None:
    lost, fine = author.connect("bluesky"), author.connect("bluesky")
    with engine().begin() as database:
        database.exec_driver_sql(
            "UPDATE channel_connections SET credentials_key_id = 'gone' WHERE id = %s", (lost,)
        )
    make_renewal_due()
    assert tick() == {**NOTHING, "renewed": 1, "missed": 1}
    assert shown(author, lost)["status"] == shown(author, fine)["status"] == "connected"
    assert "renewal_failed" in caplog.text
