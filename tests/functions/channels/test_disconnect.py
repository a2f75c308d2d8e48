"""Disconnecting: the credentials go, the history stays, and nothing waits for it in vain."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.author import Author
from tests.functions.channels.instance import Instance, connect
from tests.simulator.client import Simulator


@pytest.fixture
def connection_id(owner: Account, instance: Instance) -> str:
    connection_id: str = connect(owner.api, instance).json["id"]
    return connection_id


def credentials_of(connection_id: str) -> object:
    with engine().connect() as database:
        return database.execute(
            text("SELECT credentials, credentials_key_id FROM channel_connections WHERE id = :id"),
            {"id": connection_id},
        ).one()


def test_disconnecting_forgets_the_credentials(owner: Account, connection_id: str) -> None:
    answer = owner.api.delete(f"/channels/connections/{connection_id}")
    assert answer.status == 200
    assert answer.json["id"] == connection_id
    assert answer.json["status"] == "disconnected"
    assert answer.json["disconnected_at"].endswith("Z")
    assert answer.json["message"] == "Channel connection successfully disconnected"
    assert credentials_of(connection_id) == (None, None)


def test_what_is_disconnected_can_still_be_looked_at(owner: Account, connection_id: str) -> None:
    owner.api.delete(f"/channels/connections/{connection_id}")
    found = owner.api.get(f"/channels/connections/{connection_id}").json["data"]
    assert (found["status"], found["display_name"]) == ("disconnected", "Ada")


def test_disconnecting_twice_is_disconnecting_once(owner: Account, connection_id: str) -> None:
    first = owner.api.delete(f"/channels/connections/{connection_id}")
    assert owner.api.delete(f"/channels/connections/{connection_id}").json == first.json


def test_the_database_keeps_no_credentials_of_what_is_disconnected(connection_id: str) -> None:
    statement = "UPDATE channel_connections SET status = 'disconnected', disconnected_at = now()"
    refused = pytest.raises(IntegrityError, match="ck_channel_connections_credentials")
    with refused, engine().begin() as database:
        database.execute(text(statement))


def test_what_still_waits_keeps_the_connection(owner: Account, simulator: Simulator) -> None:
    author = Author.of(owner)
    connection = author.connect()
    for content in ("Good morning", "Good evening"):
        author.schedule(author.write(content)[1], connection)
    answer = owner.api.delete(f"/channels/connections/{connection}")
    assert (answer.status, answer.codes) == (409, ["CONNECTION_HAS_ACTIVE_SCHEDULES"])
    assert answer.json["errors"][0]["meta"] == {"active_schedules": 2}
    found = owner.api.get(f"/channels/connections/{connection}").json["data"]
    assert found["status"] == "connected"


def test_what_still_waits_is_cancelled_on_demand(owner: Account, simulator: Simulator) -> None:
    author = Author.of(owner)
    connection, other = author.connect(), author.connect()
    post, variant = author.write()
    schedule = author.schedule(variant, connection)
    kept = author.schedule(author.write()[1], other)
    answer = owner.api.delete(f"/channels/connections/{connection}", cancel_schedules="true")
    assert (answer.status, answer.json["status"]) == (200, "disconnected")
    assert author.status(schedule) == "cancelled"
    assert author.status(kept) == "pending"
    assert author.post_status(post) == "cancelled"


def test_what_was_cancelled_does_not_come_back(owner: Account, simulator: Simulator) -> None:
    author = Author.of(owner)
    connection = author.connect()
    schedule = author.schedule(author.write()[1], connection)
    author.api.request("POST", f"/schedules/{schedule}/cancel")
    assert owner.api.delete(f"/channels/connections/{connection}").status == 200
