"""A key that may use some channels only: what is of another channel is out of its reach."""

from collections.abc import Callable

import pytest

from tests.api import Api, ApiAnswer
from tests.author import Author, in_future
from tests.functions.publishing.series import recurring, try_to_recur
from tests.functions.publishing.slots import add, queue

ALL = [
    "posts:read",
    "posts:write",
    "posts:delete",
    "schedules:read",
    "schedules:write",
    "channels:read",
    "channels:connect",
    "channels:disconnect",
]


@pytest.fixture
def program(api: Api, author: Author) -> Author:
    """The author by a key for Bluesky alone."""
    body = {"name": "Bluesky", "scopes": ALL, "channels": ["bluesky"]}
    return Author(api.as_user(author.api.post("/api-keys", body).json["data"]["key"]))


def denied(answer: ApiAnswer, thing: str) -> bool:
    return (answer.status, answer.codes) == (403, [f"{thing}_ACCESS_DENIED"])


def test_its_own_channel_works_from_end_to_end(program: Author) -> None:
    schedule = program.scheduled(channel="bluesky")
    assert program.status(schedule) == "pending"
    assert queue(
        program, program.connect("bluesky"), program.write(channel="bluesky")[1]
    ).codes == ["NO_SLOTS"]


def test_nothing_is_made_for_another_channel(author: Author, program: Author) -> None:
    post, variant = author.write()
    connection = author.connect()
    body = {"channel_id": "mastodon", "content": "Tea"}
    assert denied(program.api.post(f"/posts/{post}/variants", body), "CHANNEL")
    connecting = {"channel_id": "mastodon", "mock_connection": True}
    assert denied(program.api.post("/channels/connect", connecting), "CHANNEL")
    assert denied(program.try_to_schedule(variant, connection), "VARIANT")
    own = program.write(channel="bluesky")[1]
    assert denied(program.try_to_schedule(own, connection), "CONNECTION")
    assert denied(add(program, connection), "CONNECTION")
    assert denied(queue(program, connection, own), "CONNECTION")


def test_nothing_of_another_channel_is_read_or_changed(author: Author, program: Author) -> None:
    _, variant = author.write()
    connection = author.connect()
    schedule = author.schedule(variant, connection)
    series = recurring(author, starts_at=in_future(days=1))["id"]
    slot = add(author, connection).json["data"]["id"]
    api = program.api
    tries: list[tuple[str, Callable[[], ApiAnswer]]] = [
        ("VARIANT", lambda: api.get(f"/variants/{variant}")),
        ("VARIANT", lambda: api.patch(f"/variants/{variant}", {"content": "x"})),
        ("VARIANT", lambda: api.delete(f"/variants/{variant}")),
        ("SCHEDULE", lambda: api.get(f"/schedules/{schedule}")),
        ("SCHEDULE", lambda: api.post(f"/schedules/{schedule}/cancel")),
        ("SCHEDULE", lambda: api.delete(f"/schedules/{schedule}", permanent="true")),
        ("CONNECTION", lambda: api.get(f"/channels/connections/{connection}")),
        ("CONNECTION", lambda: api.delete(f"/channels/connections/{connection}")),
        ("CONNECTION", lambda: api.post(f"/channels/connections/{connection}/test")),
        ("CONNECTION", lambda: api.get(f"/recurrences/{series}")),
        ("CONNECTION", lambda: api.patch(f"/recurrences/{series}", {"timezone": "UTC"})),
        ("CONNECTION", lambda: api.post(f"/recurrences/{series}/pause")),
        ("CONNECTION", lambda: api.post(f"/recurrences/{series}/end")),
        ("CONNECTION", lambda: api.delete(f"/recurrences/{series}")),
        ("CONNECTION", lambda: api.delete(f"/slots/{slot}")),
        ("CONNECTION", lambda: api.get("/slots/preview", channel_connection_id=connection)),
    ]
    for thing, attempt in tries:
        answer = attempt()
        assert denied(answer, thing), answer.content
    assert author.status(schedule) == "pending"


def test_lists_leave_other_channels_out(author: Author, program: Author) -> None:
    author.scheduled()
    recurring(author, starts_at=in_future(days=1))
    add(author, author.connect())
    own = program.scheduled(channel="bluesky")
    assert add(program, program.connect("bluesky")).status == 201
    shown = program.api.get("/schedules").json["data"]
    assert [schedule["id"] for schedule in shown] == [own]
    window = {"from_date": in_future(days=-1), "to_date": in_future(days=80)}
    calendar = program.api.get("/schedules/calendar", **window).json["data"]
    assert {schedule["channel_id"] for schedule in calendar} == {"bluesky"}
    connections = program.api.get("/channels/connections").json["data"]
    assert {connection["channel_id"] for connection in connections} == {"bluesky"}
    assert len(program.api.get("/slots").json["data"]) == 1
    assert program.api.get("/recurrences").json["data"] == []


def test_it_is_told_what_it_would_be_allowed(author: Author, program: Author) -> None:
    others = author.scheduled(), recurring(author, starts_at=in_future(days=1))["id"]
    variant, connection = program.write(channel="bluesky")[1], program.connect("bluesky")
    series = try_to_recur(program, variant, connection, starts_at=in_future(days=1))
    own = program.schedule(variant, connection), series.json["data"]["id"]
    checks = [
        {"resource": "schedules", "action": "write", "resource_id": each}
        for each in (*others, *own)
    ]
    for api, told in ((program.api, [False, False, True, True]), (author.api, [True] * 4)):
        answer = api.post("/acl/check", {"checks": checks}).json["data"]
        assert [each["allowed"] for each in answer] == told


def test_deleting_a_post_cancels_nothing_of_another_channel(
    author: Author, program: Author
) -> None:
    post, variant = author.write()
    schedule = author.schedule(variant, author.connect())
    assert denied(program.api.delete(f"/posts/{post}", force="true"), "SCHEDULE")
    assert author.status(schedule) == "pending"
