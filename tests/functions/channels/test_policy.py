"""What an organization decides about an account: its name, and when and how often it is used."""

from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.author import Author
from tests.functions.channels.instance import Instance, connect

POLICY = ("display_name", "lateness_minutes", "minimum_gap_seconds", "daily_cap")


@pytest.fixture
def connection(owner: Account, instance: Instance) -> str:
    connection_id: str = connect(owner.api, instance).json["id"]
    return connection_id


def policy(owner: Account, connection: str) -> dict[str, Any]:
    shown = owner.api.get(f"/channels/connections/{connection}").json["data"]
    return {name: shown[name] for name in POLICY}


def test_a_new_connection_has_an_hour_no_gap_and_no_cap(owner: Account, connection: str) -> None:
    shown = policy(owner, connection)
    assert (shown["lateness_minutes"], shown["minimum_gap_seconds"], shown["daily_cap"]) == (
        60,
        0,
        None,
    )
    listed = owner.api.get("/channels/connections").json["data"][0]
    assert {name: listed[name] for name in POLICY} == shown


@pytest.mark.parametrize(
    "change",
    [
        {"display_name": "The shop"},
        {"lateness_minutes": 1},
        {"lateness_minutes": 10_080},
        {"minimum_gap_seconds": 0},
        {"minimum_gap_seconds": 86_400},
        {"daily_cap": 1},
        {"daily_cap": 10_000},
        {"display_name": "Both", "daily_cap": 5},
        {},
    ],
)
def test_only_what_is_given_changes(
    owner: Account, connection: str, change: dict[str, Any]
) -> None:
    before = {
        "display_name": "Before",
        "lateness_minutes": 90,
        "minimum_gap_seconds": 30,
        "daily_cap": 20,
    }
    path = f"/channels/connections/{connection}"
    assert owner.api.patch(path, before).status == 200
    answer = owner.api.patch(path, change)
    assert answer.status == 200
    assert policy(owner, connection) == before | change
    assert {name: answer.json["data"][name] for name in POLICY} == before | change


def test_null_takes_the_cap_away(owner: Account, connection: str) -> None:
    path = f"/channels/connections/{connection}"
    owner.api.patch(path, {"daily_cap": 5})
    assert owner.api.patch(path, {"daily_cap": None}).json["data"]["daily_cap"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"display_name": " "},
        {"display_name": None},
        {"display_name": "x" * 201},
        {"lateness_minutes": 0},
        {"lateness_minutes": 10_081},
        {"lateness_minutes": None},
        {"minimum_gap_seconds": -1},
        {"minimum_gap_seconds": 86_401},
        {"minimum_gap_seconds": 1.5},
        {"daily_cap": 0},
        {"daily_cap": 10_001},
        {"daily_cap": "many"},
        {"lateness_minutes": 0, "minimum_gap_seconds": -1, "daily_cap": 0},
    ],
)
def test_what_cannot_be_is_refused_all_at_once(
    owner: Account, connection: str, change: dict[str, Any]
) -> None:
    before = policy(owner, connection)
    answer = owner.api.patch(f"/channels/connections/{connection}", change)
    assert (answer.status, set(answer.codes)) == (400, {"VALIDATION_ERROR"})
    assert [error["field"] for error in answer.json["errors"]] == list(change)
    assert policy(owner, connection) == before


def test_a_name_of_nothing_that_can_be_shown_changes_nothing(
    owner: Account, connection: str
) -> None:
    before = policy(owner, connection)
    answer = owner.api.patch(f"/channels/connections/{connection}", {"display_name": "\x01"})
    assert answer.status == 200
    assert policy(owner, connection) == before


def test_the_policy_outlives_a_disconnection(
    owner: Account, instance: Instance, connection: str
) -> None:
    path = f"/channels/connections/{connection}"
    owner.api.patch(path, {"daily_cap": 5})
    owner.api.delete(path)
    assert owner.api.patch(path, {"lateness_minutes": 5}).status == 200
    again = connect(owner.api, instance).json
    assert (again["id"], again["daily_cap"], again["lateness_minutes"]) == (connection, 5, 5)


@pytest.mark.parametrize(
    ("change", "reason", "is_looked_at"),
    [
        ({"daily_cap": None}, "DAILY_CAP", True),
        ({"minimum_gap_seconds": 5}, "DAILY_CAP", True),
        ({"minimum_gap_seconds": 5}, "MINIMUM_GAP", True),
        ({"lateness_minutes": 5}, "DAILY_CAP", False),
        ({"daily_cap": None}, "RATE_LIMIT", False),
    ],
)
def test_what_waits_by_the_old_policy_is_looked_at_again(
    owner: Account, connection: str, change: dict[str, Any], reason: str, *, is_looked_at: bool
) -> None:
    author = Author.of(owner)
    _, variant = author.write()
    schedule = author.schedule(variant, connection)
    hold = text(
        "UPDATE schedules SET (held_until, waiting_reason) = (now() + interval '5 hours', :reason)"
    )
    with engine().begin() as database:
        database.execute(hold, {"reason": reason})
    assert owner.api.patch(f"/channels/connections/{connection}", change).status == 200
    due = text("SELECT ripe_at <= now() FROM schedules WHERE id = :id")
    with engine().connect() as database:
        assert database.execute(due, {"id": schedule}).scalar_one() == is_looked_at
