"""What did not arrive is tried again, or says why not and who must act."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.publishing.domain.skipping import Skip, SkipCode
from tests.author import Author, in_future
from tests.line import Line, make_due, pass_rate_windows
from tests.simulator.client import Simulator


@pytest.mark.parametrize("channel", ["mastodon", "bluesky"])
def test_a_busy_network_is_tried_again_when_it_wishes(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    schedule = author.scheduled(channel=channel)
    simulator.fail(channel, "rate_limit", retry_after=600)
    make_due(schedule)
    line.run()
    detail = author.look(schedule)
    [event] = detail["publish_events"]
    assert detail["schedule"]["status"] == "pending"
    assert (event["status"], event["error_class"]) == ("retried", "rate_limit")
    assert _minutes_to_wait(schedule) == pytest.approx(10, abs=0.5)
    make_due(schedule)
    pass_rate_windows()
    line.run()
    assert author.status(schedule) == "success"
    assert len(simulator.receipts()) == 1


def test_five_refusals_are_enough(author: Author, line: Line, simulator: Simulator) -> None:
    post, variant = author.write()
    schedule = author.schedule(variant, author.connect())
    simulator.fail("mastodon", "rate_limit", times=5)
    waits = []
    for _ in range(5):
        make_due(schedule)
        pass_rate_windows()
        line.run()
        waits.append(_minutes_to_wait(schedule))
    detail = author.look(schedule)
    assert detail["schedule"]["status"] == "failed"
    assert [event["status"] for event in detail["publish_events"]] == [*["retried"] * 4, "failed"]
    assert waits[:4] == pytest.approx([1, 5, 15, 60], abs=0.5)
    assert author.post_status(post) == "failed"
    assert simulator.receipts() == []


@pytest.mark.parametrize("channel", ["mastodon", "bluesky"])
def test_a_refused_text_fails_at_once_with_the_networks_words(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    schedule = author.scheduled(channel=channel)
    simulator.fail(channel, "refuse")
    make_due(schedule)
    line.run()
    found = author.look(schedule)["schedule"]
    assert (found["status"], found["error_class"]) == ("failed", "content")
    assert found["action_required"] == "edit"
    assert found["error_message"]


def test_expired_credentials_ask_for_a_new_connection(
    author: Author, line: Line, simulator: Simulator
) -> None:
    _, variant = author.write()
    connection = author.connect()
    schedule = author.schedule(variant, connection)
    simulator.fail("mastodon", "expired_token")
    make_due(schedule)
    line.run()
    found = author.look(schedule)["schedule"]
    assert (found["status"], found["error_class"]) == ("failed", "authentication")
    assert found["action_required"] == "reconnect"
    shown = author.api.get(f"/channels/connections/{connection}").json["data"]
    assert shown["status"] == "error"
    assert author.try_to_schedule(variant, connection).codes == ["CONNECTION_INACTIVE"]


def test_a_failed_schedule_is_moved_and_succeeds(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    simulator.fail("mastodon", "refuse")
    make_due(schedule)
    line.run()
    assert author.status(schedule) == "failed"
    moved = author.api.patch(f"/schedules/{schedule}", {"run_at": in_future(minutes=5)})
    assert moved.json["data"]["status"] == "pending"
    assert moved.json["data"]["error_code"] is None
    make_due(schedule)
    line.run()
    events = author.look(schedule)["publish_events"]
    assert [event["status"] for event in events] == ["failed", "success"]
    assert len(simulator.receipts()) == 1


def test_what_is_an_hour_late_is_skipped(author: Author, line: Line, simulator: Simulator) -> None:
    late, just_in_time = author.scheduled(), author.scheduled()
    make_due(late, late=timedelta(minutes=61))
    make_due(just_in_time, late=timedelta(minutes=59))
    line.run()
    skipped = author.look(late)["schedule"]
    assert (skipped["status"], skipped["error_code"]) == ("skipped", "TOO_LATE")
    assert skipped["error_message"] == "It could not leave within 60 minutes of its time"
    assert author.status(just_in_time) == "success"
    assert len(simulator.receipts()) == 1


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE posts SET deleted_at = now()", "POST_DELETED"),
        (
            "UPDATE channel_connections SET (status, credentials, credentials_key_id,"  # noqa: ISC004
            " disconnected_at) = ('disconnected', NULL, NULL, now())",
            "CONNECTION_DISCONNECTED",
        ),
        ("UPDATE users SET status = 'disabled'", "OWNER_DISABLED"),
    ],
)
def test_what_lost_its_ground_is_skipped(
    author: Author, line: Line, simulator: Simulator, statement: str, reason: str
) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    with engine().begin() as database:
        database.execute(text(statement))
    line.run()
    with engine().connect() as database:
        row = database.execute(text("SELECT * FROM schedules")).one()
    assert (row.status, row.error_code) == ("skipped", reason)
    assert row.error_message == Skip.because(SkipCode(reason)).words
    assert simulator.receipts() == []


def _minutes_to_wait(schedule_id: str) -> float:
    query = text("SELECT extract(epoch FROM next_attempt_at - now()) FROM schedules WHERE id = :id")
    with engine().connect() as database:
        return float(database.execute(query, {"id": schedule_id}).scalar_one()) / 60
