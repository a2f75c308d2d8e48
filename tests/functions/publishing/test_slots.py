"""Posting slots over HTTP, at noon of a certain Friday."""

from typing import Any
from uuid import uuid4

import pytest

from shared.publishing.domain.slot import SLOTS
from tests.author import Author
from tests.functions.publishing.slots import EVENING, add, put, queue
from tests.simultaneously import simultaneously

pytestmark = pytest.mark.usefixtures("noon")


def test_a_slot_is_added_listed_and_taken_away(author: Author) -> None:
    connection = author.connect()
    answer = add(author, connection, weekday=0, time="09:30", timezone="Europe/Berlin")
    assert answer.status == 201
    slot = answer.json["data"]
    assert (slot["weekday"], slot["day"], slot["time"]) == (0, "monday", "09:30")
    assert (slot["timezone"], slot["channel_connection_id"]) == ("Europe/Berlin", connection)
    earlier = add(author, connection, weekday="Monday", time="08:00", timezone=None).json["data"]
    assert earlier["timezone"] == "UTC"
    listed = author.api.get("/slots", channel_connection_id=connection).json["data"]
    assert listed == [earlier, slot]
    assert author.api.get("/slots", channel_connection_id=author.connect()).json["data"] == []
    assert author.api.delete(f"/slots/{earlier['id']}").status == 204
    assert author.api.get("/slots").json["data"] == [slot]
    gone = author.api.delete(f"/slots/{earlier['id']}")
    assert (gone.status, gone.codes) == (404, ["SLOT_NOT_FOUND"])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"weekday": 7}, "VALIDATION_ERROR"),
        ({"weekday": -1}, "VALIDATION_ERROR"),
        ({"weekday": "someday"}, "VALIDATION_ERROR"),
        ({"weekday": True}, "VALIDATION_ERROR"),
        ({"weekday": None}, "VALIDATION_ERROR"),
        ({"weekday": 0.5}, "VALIDATION_ERROR"),
        ({"time": "24:00"}, "VALIDATION_ERROR"),
        ({"time": "9:00"}, "VALIDATION_ERROR"),
        ({"time": "09:00:30"}, "VALIDATION_ERROR"),
        ({"time": "\u0660\u0669:\u0660\u0660"}, "VALIDATION_ERROR"),
        ({"time": 540}, "VALIDATION_ERROR"),
        ({"timezone": "Mars/Olympus"}, "INVALID_TIMEZONE"),
        ({"channel_connection_id": "abc"}, "VALIDATION_ERROR"),
    ],
)
def test_what_is_no_slot(author: Author, changes: dict[str, Any], code: str) -> None:
    answer = add(author, author.connect(), **changes)
    assert (answer.status, answer.codes) == (400, [code])


def test_a_slot_is_there_once(author: Author) -> None:
    connection = author.connect()
    assert add(author, connection).status == 201
    again = add(author, connection)
    assert (again.status, again.codes) == (409, ["SLOT_ALREADY_EXISTS"])
    assert add(author, connection, timezone="Europe/Berlin").status == 201
    assert add(author, author.connect()).status == 201


def test_replacing_keeps_what_stays(author: Author) -> None:
    connection = author.connect()
    monday = {"weekday": 0, "time": "09:00", "timezone": "UTC"}
    before = put(author, connection, EVENING, monday)
    assert [slot["day"] for slot in before] == ["monday", "friday"]
    sunday = {"weekday": 6, "time": "09:00", "timezone": "UTC"}
    after = put(author, connection, monday, sunday, monday)
    assert [slot["day"] for slot in after] == ["monday", "sunday"]
    assert after[0] == before[0]
    assert put(author, connection) == []


def test_there_are_only_so_many(author: Author) -> None:
    connection = author.connect()
    many = [
        {"weekday": 0, "time": f"{hour:02}:{minute:02}", "timezone": "UTC"}
        for hour in range(24)
        for minute in range(0, 60, 5)
    ][:SLOTS]
    assert len(put(author, connection, *many)) == SLOTS
    answer = add(author, connection)
    assert (answer.status, answer.codes) == (400, ["TOO_MANY_SLOTS"])


def test_two_at_once_add_a_slot_once(author: Author) -> None:
    connection = author.connect()
    answers = simultaneously([lambda: add(author, connection)] * 4)
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]


def test_two_at_once_take_a_slot_away_once(author: Author) -> None:
    connection = author.connect()
    slot = add(author, connection).json["data"]["id"]
    answers = simultaneously([lambda: author.api.delete(f"/slots/{slot}")] * 4)
    assert sorted(answer.status for answer in answers) == [204, 404, 404, 404]


@pytest.mark.parametrize(
    "query", [{}, {"channel_connection_id": "abc"}, {"count": 51}, {"count": 0}]
)
def test_a_preview_needs_a_connection(author: Author, query: dict[str, Any]) -> None:
    answer = author.api.get("/slots/preview", **query)
    assert answer.status == 400
    assert set(answer.codes) == {"VALIDATION_ERROR"}


def test_nobody_sees_or_touches_another_organizations_slots(
    author: Author, stranger: Author
) -> None:
    connection = author.connect()
    [slot] = put(author, connection, EVENING)
    foreign = {"channel_connection_id": connection}
    for answer in (
        add(stranger, connection),
        stranger.api.request("PUT", "/slots", json={**foreign, "slots": []}),
        stranger.api.get("/slots/next", **foreign),
        stranger.api.get("/slots/preview", **foreign),
        queue(stranger, connection),
    ):
        assert (answer.status, answer.codes) == (403, ["CONNECTION_ACCESS_DENIED"])
    assert stranger.api.delete(f"/slots/{slot['id']}").codes == ["SLOT_ACCESS_DENIED"]
    assert stranger.api.get("/slots", **foreign).json["data"] == []
    assert stranger.api.get("/slots").json["data"] == []
    assert author.api.get("/slots").json["data"] == [slot]


@pytest.mark.parametrize("slot_id", ["abc", str(uuid4())])
def test_an_unknown_or_malformed_slot_is_not_found(author: Author, slot_id: str) -> None:
    answer = author.api.delete(f"/slots/{slot_id}")
    assert (answer.status, answer.codes) == (404, ["SLOT_NOT_FOUND"])
