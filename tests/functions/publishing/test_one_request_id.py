"""One request id leads from the call that schedules a post to the network that answered."""

from uuid import UUID

import pytest

from tests.author import Author, in_future
from tests.line import Line, make_due
from tests.records import rows_of
from tests.simulator.client import Simulator

ASKED = "asked-by-ada"


@pytest.fixture
def schedule(author: Author) -> str:
    connection = author.connect()
    _, variant = author.write()
    answer = author.api.request(
        "POST",
        "/schedules",
        json={
            "post_variant_id": variant,
            "channel_connection_id": connection,
            "run_at": in_future(hours=1),
        },
        headers={"x-request-id": ASKED},
    )
    assert answer.status == 201, answer.content
    made: str = answer.json["data"]["id"]
    return made


def test_it_goes_with_the_post_to_the_network_and_into_the_ledger(
    schedule: str, line: Line, simulator: Simulator
) -> None:
    make_due(schedule)
    assert line.run() == 1
    (receipt,) = simulator.receipts()
    assert receipt["request_id"] == ASKED
    (attempt,) = rows_of("publish_events")
    assert (attempt.request_id, attempt.status) == (ASKED, "success")
    told = rows_of("business_events", "subject_id = :id", id=UUID(schedule))
    assert [row.name for row in told] == [
        "SCHEDULE_CREATED",
        "SCHEDULE_QUEUED",
        "SCHEDULE_PUBLISHING",
        "SCHEDULE_PUBLISHED",
    ]
    assert {row.request_id for row in told} == {ASKED}
    assert len({row.post_id for row in told}) == 1


def test_its_timeline_ends_with_the_networks_answer(
    author: Author, schedule: str, line: Line, simulator: Simulator
) -> None:
    simulator.fail("mastodon", "server_error_before")
    make_due(schedule)
    line.run()
    told = author.api.get("/logs/timeline", request_id=ASKED).json["moments"]
    assert (told[0]["tier"], told[0]["what"]) in {
        ("event", "SCHEDULE_CREATED"),
        ("audit", "SCHEDULE_CREATED"),
    }
    assert ("request", "POST /api/v1/schedules") in [(each["tier"], each["what"]) for each in told]
    last = told[-1]
    assert last["what"] in {"SCHEDULE_FAILED", "SCHEDULE_OUTCOME_UNKNOWN"}
    assert last["details"]["error_class"] == "platform"


def test_messages_of_before_are_read_as_those_of_now(schedule: str, line: Line) -> None:
    """What a message goes back to is beside its body, so that old consumers need not know."""
    make_due(schedule)
    line.scan()
    (body,) = line.taken()
    assert ASKED.encode() not in body
    assert line.publish([body]) == 1
