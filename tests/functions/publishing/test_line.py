"""Scanner, queue, publisher, network: each post arrives once, or says why not."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.infrastructure.events import Message
from shared.kernel.clock import utc_now
from shared.publishing.adapters.postgres import begin
from shared.publishing.adapters.rabbitmq import DUE, read_claims
from shared.publishing.domain.schedule import LEASE
from tests.author import Author, in_future
from tests.line import Line, make_due
from tests.simulator.client import Simulator


def test_a_due_post_arrives_and_everything_says_so(
    author: Author, line: Line, simulator: Simulator
) -> None:
    post, variant = author.write("Good morning")
    schedule = author.schedule(variant, author.connect())
    make_due(schedule)
    assert line.scan() == 1
    assert author.status(schedule) == "queued"
    assert author.post_status(post) == "publishing"
    assert line.publish(line.taken()) == 1
    [receipt] = simulator.receipts()
    detail = author.look(schedule)
    [event] = detail["publish_events"]
    assert detail["schedule"]["status"] == "success"
    assert (event["status"], event["attempt"]) == ("success", 1)
    assert (event["external_post_id"], event["external_url"]) == (receipt["id"], receipt["url"])
    assert event["response_time_ms"] >= 0
    assert author.post_status(post) == "published"
    published = author.api.get(f"/variants/{variant}").json["data"]
    assert published["status"] == "published"
    assert published["published_at"] is not None


@pytest.mark.parametrize("channel", ["mastodon", "bluesky"])
def test_each_network_gets_the_text_as_written(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    content = "5 < 6 & 7 👩‍👩‍👧 https://example.org/a?b=c #tag"
    make_due(author.scheduled(content, channel))
    line.run()
    [receipt] = simulator.receipts()
    assert (receipt["network"], receipt["text"]) == (channel, content)


def test_nothing_due_is_left_alone(author: Author, line: Line, simulator: Simulator) -> None:
    schedule = author.scheduled()
    assert line.scan() == 0
    assert author.status(schedule) == "pending"
    assert simulator.receipts() == []


def test_a_message_delivered_twice_publishes_once(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.scan()
    messages = line.taken()
    assert line.publish(messages * 3) == 1
    assert line.publish(messages) == 0
    assert len(simulator.receipts()) == 1


def test_a_lost_message_costs_one_lease(author: Author, line: Line, simulator: Simulator) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.scan()
    lost = line.taken()
    assert line.run() == 0
    make_due(schedule)
    assert line.run() == 1
    assert author.status(schedule) == "success"
    assert line.publish(lost) == 0, "a message from before the lease lapsed is stale"
    assert len(simulator.receipts()) == 1


def test_what_was_cancelled_in_the_queue_is_never_sent(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.scan()
    assert author.api.post(f"/schedules/{schedule}/cancel").status == 200
    assert line.publish(line.taken()) == 0
    assert simulator.receipts() == []


def test_what_has_been_sent_cannot_be_cancelled_or_moved(author: Author, line: Line) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.run()
    cancelled = author.api.post(f"/schedules/{schedule}/cancel")
    assert (cancelled.status, cancelled.codes) == (409, ["SCHEDULE_CANNOT_BE_CANCELLED"])
    moved = author.api.patch(f"/schedules/{schedule}", {"timezone": "UTC"})
    assert (moved.status, moved.codes) == (409, ["SCHEDULE_CANNOT_BE_MODIFIED"])


@pytest.mark.parametrize("channel", ["mastodon", "bluesky"])
@pytest.mark.parametrize("kind", ["hang_after_accepting", "fail_after_accepting", "malformed"])
def test_an_unanswered_post_is_found_and_not_sent_again(
    author: Author, line: Line, simulator: Simulator, channel: str, kind: str
) -> None:
    schedule = author.scheduled(channel=channel)
    simulator.fail(channel, kind, seconds=3)
    make_due(schedule)
    line.run()
    detail = author.look(schedule)
    assert detail["schedule"]["status"] == "processing"
    assert [event["status"] for event in detail["publish_events"]] == ["unknown"]
    assert author.api.post(f"/schedules/{schedule}/cancel").status == 409
    make_due(schedule)
    line.run()
    detail = author.look(schedule)
    assert detail["schedule"]["status"] == "success"
    assert [event["status"] for event in detail["publish_events"]] == ["unknown", "success"]
    [receipt] = simulator.receipts()
    assert detail["publish_events"][1]["external_post_id"] == receipt["id"]


@pytest.mark.parametrize("channel", ["mastodon", "bluesky"])
def test_a_publisher_that_died_before_sending_is_made_up_for(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    schedule = author.scheduled(channel=channel)
    make_due(schedule)
    line.scan()
    _start_and_die(line)
    make_due(schedule)
    line.run()
    assert author.status(schedule) == "success"
    assert len(simulator.receipts()) == 1


def test_attempts_that_nobody_survives_end_with_a_person(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    for _ in range(6):
        make_due(schedule)
        line.scan()
        _start_and_die(line)
    make_due(schedule)
    line.run()
    found = author.look(schedule)["schedule"]
    assert (found["status"], found["error_code"]) == ("unknown", "TOO_MANY_ATTEMPTS")
    assert found["action_required"] == "confirm"
    assert simulator.receipts() == []
    make_due(schedule)
    assert line.run() == 0


def test_after_the_last_attempt_somebody_still_looks(
    author: Author, line: Line, simulator: Simulator
) -> None:
    arrived, lost = author.scheduled("It arrived"), author.scheduled("It did not")
    simulator.fail("mastodon", "fail_after_accepting", text_contains="It arrived")
    make_due(arrived)
    line.run()
    make_due(lost)
    line.scan()
    _start_and_die(line)
    with engine().begin() as database:
        database.execute(text("UPDATE schedules SET attempts_allowed = attempt_count"))
    for schedule in (arrived, lost):
        make_due(schedule)
    line.run()
    assert author.status(arrived) == "success"
    found = author.look(lost)["schedule"]
    assert (found["status"], found["error_code"]) == ("failed", "TOO_MANY_ATTEMPTS")
    assert len(simulator.receipts()) == 1


@pytest.mark.parametrize(
    ("statement", "late", "code"),
    [
        ("UPDATE users SET status = 'disabled' WHERE NOT is_root", 1, "OWNER_DISABLED"),
        ("SELECT 1", 61 * 60, "TOO_LATE"),
    ],
)
def test_an_open_attempt_is_looked_for_but_no_longer_sent(
    author: Author, line: Line, simulator: Simulator, statement: str, late: int, code: str
) -> None:
    arrived, lost = author.scheduled("It arrived"), author.scheduled("It did not")
    simulator.fail("mastodon", "fail_after_accepting", text_contains="It arrived")
    make_due(arrived)
    line.run()
    make_due(lost)
    line.scan()
    _start_and_die(line)
    with engine().begin() as database:
        database.execute(text(statement))
    for schedule in (arrived, lost):
        make_due(schedule, late=timedelta(seconds=late))
    line.run()
    with engine().connect() as database:
        rows = database.execute(text("SELECT status, error_code FROM schedules ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("success", None), ("failed", code)]
    assert len(simulator.receipts()) == 1


def test_what_may_have_been_sent_cannot_be_cancelled_or_skipped(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.scan()
    _start_and_die(line)
    make_due(schedule)
    line.scan()
    assert author.api.post(f"/schedules/{schedule}/cancel").status == 409
    with engine().begin() as database:
        database.execute(text("UPDATE posts SET deleted_at = now()"))
    make_due(schedule)
    line.run()
    with engine().connect() as database:
        assert database.scalar(text("SELECT status FROM schedules")) == "unknown"


def test_what_was_looked_for_and_not_found_is_settled(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.scan()
    _start_and_die(line)
    simulator.fail("mastodon", "refuse")
    make_due(schedule)
    line.run()
    events = author.look(schedule)["publish_events"]
    assert [event["status"] for event in events] == ["failed", "failed"]
    assert events[0]["error_code"] == "NOT_SENT"


def test_twins_are_not_mistaken_for_each_other(
    author: Author, line: Line, simulator: Simulator
) -> None:
    _, variant = author.write("Twice on purpose")
    connection = author.connect()
    first, second, third = (author.schedule(variant, connection) for _ in range(3))
    make_due(first)
    line.run()
    for schedule in (second, third):
        make_due(schedule)
    line.scan()
    _start_and_die(line)
    for schedule in (second, third):
        make_due(schedule)
    line.run()
    schedules = [first, second, third]
    assert [author.status(schedule) for schedule in schedules] == ["success"] * 3
    ids = {author.look(each)["publish_events"][-1]["external_post_id"] for each in schedules}
    assert ids == {receipt["id"] for receipt in simulator.receipts()}
    assert len(ids) == 3


def test_twins_that_arrived_unheard_are_told_apart(
    author: Author, line: Line, simulator: Simulator
) -> None:
    _, variant = author.write("Twice on purpose")
    connection = author.connect()
    twins = [author.schedule(variant, connection) for _ in range(2)]
    simulator.fail("mastodon", "fail_after_accepting", times=2)
    for _ in range(2):
        for schedule in twins:
            make_due(schedule)
        line.run()
    ids = {author.look(each)["publish_events"][-1]["external_post_id"] for each in twins}
    assert ids == {receipt["id"] for receipt in simulator.receipts()}
    assert len(ids) == 2


def test_a_network_that_is_gone_spoils_nobody_elses_batch(
    author: Author, line: Line, simulator: Simulator
) -> None:
    orphan, other = author.scheduled(), author.scheduled()
    with engine().begin() as database:
        database.execute(
            text("UPDATE schedules SET channel = 'gone' WHERE id = :id"), {"id": orphan}
        )
    for schedule in (orphan, other):
        make_due(schedule)
    line.run()
    assert author.status(other) == "success"
    assert len(simulator.receipts()) >= 1


def test_publishing_is_noted_on_the_connection(author: Author, line: Line) -> None:
    _, variant = author.write()
    connection = author.connect()
    make_due(author.schedule(variant, connection))
    line.run()
    shown = author.api.get(f"/channels/connections/{connection}").json["data"]
    assert shown["last_used_at"] is not None


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


def test_an_expired_session_is_renewed_on_the_way(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled(channel="bluesky")
    simulator.fail("bluesky", "expired_token")
    make_due(schedule)
    line.run()
    assert author.status(schedule) == "success"


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
        row = database.execute(text("SELECT status, error_code FROM schedules")).one()
    assert (row.status, row.error_code) == ("skipped", reason)
    assert simulator.receipts() == []


def claim_with(token: str) -> bytes:
    schedule_id = "01890a5d-ac96-774b-bcce-b302099a8057"
    return f'{{"version": 1, "schedule_id": "{schedule_id}", "fencing_token": {token}}}'.encode()


@pytest.mark.parametrize(
    "poison",
    [
        b"",
        b"{",
        b"null",
        b"[1]",
        b"\xff",
        b'{"version": 2}',
        b'{"version": 1, "schedule_id": "x", "fencing_token": 1}',
        b'{"version": 1, "schedule_id": "01890a5d-ac96-774b-bcce-b302099a8057"}',
        claim_with("true"),
        claim_with("-1"),
        claim_with("1e3"),
        claim_with(str(10**30)),
    ],
)
def test_a_message_nobody_can_read_is_put_aside_and_the_rest_goes_on(
    author: Author, line: Line, simulator: Simulator, poison: bytes
) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.scan()
    assert line.publish([poison, *line.taken()]) == 1
    assert author.status(schedule) == "success"
    [buried] = line.taken("publishing.due.dead")
    assert json.loads(buried)["reason"] == "unreadable"


def test_a_batch_is_published_together_and_each_fails_for_itself(
    author: Author, line: Line, simulator: Simulator
) -> None:
    connection = author.connect()
    schedules = []
    for number in range(20):
        _, variant = author.write(f"Post number {number}")
        schedules.append(author.schedule(variant, connection))
    simulator.fail("mastodon", "refuse", times=3)
    for schedule in schedules:
        make_due(schedule)
    line.run()
    statuses = [author.status(schedule) for schedule in schedules]
    assert (statuses.count("success"), statuses.count("failed")) == (17, 3)
    assert len(simulator.receipts()) == 17


def test_a_post_on_two_networks_is_partial_when_one_refuses(
    author: Author, line: Line, simulator: Simulator
) -> None:
    post, variant = author.write()
    other = author.api.post(
        f"/posts/{post}/variants", {"channel_id": "bluesky", "content": "Good morning"}
    ).json["data"]["id"]
    schedules = [
        author.schedule(variant, author.connect()),
        author.schedule(other, author.connect("bluesky")),
    ]
    simulator.fail("bluesky", "refuse")
    for schedule in schedules:
        make_due(schedule)
    line.run()
    assert author.post_status(post) == "partial"


def _start_and_die(line: Line) -> None:
    """A publisher that started its attempts and ended before the first call."""
    messages = [Message(queue=DUE, body=body) for body in line.taken()]
    claims, _ = read_claims(messages)
    with begin() as work:
        assert work.schedules.start(claims, now=utc_now(), lease=LEASE)


def _minutes_to_wait(schedule_id: str) -> float:
    query = text("SELECT extract(epoch FROM next_attempt_at - now()) FROM schedules WHERE id = :id")
    with engine().connect() as database:
        return float(database.execute(query, {"id": schedule_id}).scalar_one()) / 60
