"""Scanner, queue, publisher, network: each post arrives once, in whatever company."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from shared.publishing.adapters.rabbitmq import DUE
from tests.author import Author
from tests.line import Line, make_due
from tests.simulator.client import Simulator


def test_a_due_post_arrives_and_everything_says_so(
    author: Author, line: Line, simulator: Simulator
) -> None:
    post, variant = author.write("Good morning")
    schedule = author.schedule(variant, author.connect())
    make_due(schedule)
    assert line.tick() == 1
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


def test_one_more_schedule_does_not_hide_what_is_on_its_way(author: Author, line: Line) -> None:
    post, variant = author.write()
    first = author.schedule(variant, author.connect())
    make_due(first)
    line.scan()
    author.schedule(variant, author.connect())
    assert author.post_status(post) == "publishing"
    line.publish(line.taken())
    assert author.post_status(post) == "scheduled"


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


def claim_with(token: str, schedule_id: str = "01890a5d-ac96-774b-bcce-b302099a8057") -> bytes:
    return f'{{"version": 2, "claims": [["{schedule_id}", {token}]]}}'.encode()


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"null", "malformed"),
        (b"[1]", "malformed"),
        (b"\xff", "malformed"),
        (b"[" * 60_000, "malformed"),
        (b'{"version": 0, "claims": []}', "unknown version"),
        (b'{"version": 3, "claims": []}', "unknown version"),
        (b'{"version": true, "claims": []}', "unknown version"),
        (b'{"version": [2], "claims": []}', "unknown version"),
        (b'{"version": 1, "claims": []}', "malformed"),
        (b'{"version": "2", "claims": []}', "unknown version"),
        (b'{"version": 2}', "malformed"),
        (b'{"version": 2, "claims": 1}', "malformed"),
        (b'{"version": 2, "claims": ["ab"]}', "malformed"),
        (b'{"version": 2, "claims": [["01890a5d-ac96-774b-bcce-b302099a8057"]]}', "malformed"),
        (claim_with("1", "x"), "malformed"),
        (claim_with("true"), "malformed"),
        (claim_with("-1"), "malformed"),
        (claim_with("1e3"), "malformed"),
        (claim_with(str(10**30)), "malformed"),
        (b'{"version": 2, "claims": [], "more": "' + b"x" * 65_536 + b'"}', "oversized"),
    ],
)
def test_a_message_nobody_can_read_is_put_aside_and_the_rest_goes_on(
    author: Author, line: Line, simulator: Simulator, poison: bytes, reason: str
) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.scan()
    assert line.publish([poison, *line.taken()]) == 1
    assert author.status(schedule) == "success"
    [buried] = line.taken(f"{DUE[0]}.dead")
    assert json.loads(buried)["reason"] == reason


@pytest.mark.parametrize(
    "written",
    [
        lambda schedule, token: {"version": 1, "schedule_id": schedule, "fencing_token": token},
        lambda schedule, token: {"version": 2, "claims": [[schedule, token]]},
    ],
    ids=["before", "now"],
)
def test_what_the_release_before_sends_is_read_as_well(
    author: Author, line: Line, written: Callable[[str, int], dict[str, object]]
) -> None:
    schedule = author.scheduled()
    make_due(schedule)
    line.scan()
    [[claim]] = [json.loads(body)["claims"] for body in line.taken()]
    assert line.publish([json.dumps(written(*claim)).encode()]) == 1
    assert author.status(schedule) == "success"


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
