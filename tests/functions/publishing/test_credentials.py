"""Posts that find expired credentials wait for their renewal, then leave; nothing is lost."""

from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.publishing.domain.waiting import WaitingReason
from tests.author import Author
from tests.line import Line, make_due
from tests.refresher import expire_credentials, make_renewal_due, tick
from tests.simulator.client import Simulator


@pytest.fixture
def fields(simulator: Simulator) -> dict[str, str]:
    return simulator.account("bluesky")


@pytest.fixture
def connection(author: Author, fields: dict[str, str]) -> str:
    return connect(author, fields)


@pytest.fixture
def schedule(author: Author, connection: str) -> str:
    return author.schedule(author.write(channel="bluesky")[1], connection)


def connect(author: Author, fields: dict[str, str]) -> str:
    answer = author.api.post("/channels/connect", {"channel_id": "bluesky", "credentials": fields})
    assert answer.status == 201, answer.content
    connection: str = answer.json["id"]
    return connection


def status(author: Author, connection: str) -> str:
    shown = author.api.get(f"/channels/connections/{connection}").json["data"]
    word: str = shown["status"]
    return word


def waiting(schedule: str) -> Any:
    query = text("SELECT waiting_reason, held_until FROM schedules WHERE id = :id")
    with engine().connect() as database:
        return tuple(database.execute(query, {"id": schedule}).one())


def hold(schedule: str, reason: WaitingReason) -> None:
    """As the scanner holds back what waits for something."""
    with engine().begin() as database:
        database.execute(
            text(
                "UPDATE schedules SET waiting_reason = :reason,"
                " held_until = now() + interval '50 minutes' WHERE id = :id"
            ),
            {"id": schedule, "reason": reason},
        )


def test_a_token_that_is_refused_before_its_time_is_renewed_and_the_post_leaves(
    author: Author, line: Line, simulator: Simulator, connection: str, schedule: str
) -> None:
    simulator.expire_tokens()
    make_due(schedule)
    line.run()
    assert author.status(schedule) == "pending"
    assert status(author, connection) == "connected"
    assert tick()["renewed"] == 1, "at once, and not only when it was planned"
    make_due(schedule)
    line.run()
    assert author.status(schedule) == "success"
    assert len(simulator.receipts()) == 1
    events = author.look(schedule)["publish_events"]
    assert [event["error_code"] for event in events] == ["CREDENTIALS_EXPIRED", None]


def test_what_waits_for_the_renewal_leaves_after_it(
    author: Author, line: Line, simulator: Simulator, schedule: str
) -> None:
    expire_credentials()
    simulator.fail("bluesky", "server_error_before", call="session")
    make_due(schedule)
    line.run()
    assert waiting(schedule)[0] == "CREDENTIALS_EXPIRED"
    assert tick()["missed"] == 1
    assert waiting(schedule)[0] == "CREDENTIALS_EXPIRED"
    assert simulator.receipts() == []
    make_renewal_due()
    assert tick()["renewed"] == 1
    assert waiting(schedule) == (None, None)
    line.run()
    assert author.status(schedule) == "success"
    assert len(author.look(schedule)["publish_events"]) == 1, "no attempt was wasted"


def test_what_waits_for_a_person_leaves_when_they_have_connected_again(
    author: Author,
    line: Line,
    simulator: Simulator,
    connection: str,
    schedule: str,
    fields: dict[str, str],
) -> None:
    password = simulator.new_password(fields["handle"])
    expire_credentials()
    assert tick()["refused"] == 1
    assert status(author, connection) == "error"
    make_due(schedule)
    line.run()
    assert waiting(schedule)[0] == "CONNECTION_ERROR"
    assert connect(author, {**fields, "app_password": password}) == connection
    assert waiting(schedule) == (None, None)
    line.run()
    assert author.status(schedule) == "success"
    assert len(simulator.receipts()) == 1


@pytest.mark.parametrize("way", ["test", "refresh"])
@pytest.mark.parametrize("reason", ["CONNECTION_ERROR", "CREDENTIALS_EXPIRED"])
def test_a_connection_that_works_again_sends_what_waited_for_it(
    author: Author, connection: str, schedule: str, reason: WaitingReason, way: str
) -> None:
    hold(schedule, reason)
    assert author.api.post(f"/channels/connections/{connection}/{way}").status == 200
    assert waiting(schedule) == (None, None)


@pytest.mark.parametrize("reason", ["RATE_LIMIT", "DAILY_CAP", "MINIMUM_GAP"])
def test_what_waits_for_something_else_goes_on_waiting(
    author: Author, connection: str, schedule: str, reason: WaitingReason
) -> None:
    hold(schedule, reason)
    other = author.schedule(author.write(channel="bluesky")[1], author.connect("bluesky"))
    hold(other, WaitingReason.CREDENTIALS_EXPIRED)
    assert author.api.post(f"/channels/connections/{connection}/refresh").status == 200
    assert waiting(schedule)[0] == reason
    assert waiting(other)[0] == "CREDENTIALS_EXPIRED", "it waits for another connection"


@pytest.mark.parametrize("way", ["test", "refresh"])
def test_what_the_network_refuses_sends_nothing(
    author: Author,
    simulator: Simulator,
    connection: str,
    schedule: str,
    fields: dict[str, str],
    way: str,
) -> None:
    hold(schedule, WaitingReason.CREDENTIALS_EXPIRED)
    simulator.new_password(fields["handle"])
    author.api.post(f"/channels/connections/{connection}/{way}")
    assert status(author, connection) == "error"
    assert waiting(schedule)[0] == "CREDENTIALS_EXPIRED"


def test_what_goes_on_is_told(author: Author, connection: str, schedule: str) -> None:
    hold(schedule, WaitingReason.CREDENTIALS_EXPIRED)
    author.api.post(f"/channels/connections/{connection}/refresh")
    query = text(
        "SELECT details FROM business_events WHERE subject_id = :id AND name = 'SCHEDULE_UPDATED'"
    )
    with engine().connect() as database:
        assert database.scalars(query, {"id": schedule}).all() == [{"waiting_reason": None}]
