"""A thread of which nobody knows for a while how far it has come."""

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.author import Author
from tests.line import Line, make_due
from tests.simulator.client import Simulator
from tests.thread import IN_ORDER, Thread, arrived

CHANNELS = pytest.mark.parametrize("channel", ["mastodon", "bluesky"])


@CHANNELS
def test_a_publisher_killed_between_parts_is_made_up_for(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    thread = Thread.of(author, channel)
    for part in range(3):
        make_due(thread.ids[part])
        line.scan()
        line.start_and_die()
        assert line.run() == 0
        make_due(thread.ids[part])
        assert line.run() == 1
    assert thread.attempts() == [["failed", "success"]] * 3
    assert arrived(simulator) == IN_ORDER


@CHANNELS
def test_parts_of_one_text_that_arrived_unheard_are_told_apart(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    thread = Thread.of(author, channel, ["Again", "Again", "Again"])
    simulator.fail(channel, "fail_after_accepting", times=3)
    for part in range(3):
        make_due(thread.ids[part])
        assert line.run() == 1
        assert thread.statuses()[part] == "processing"
        assert line.run() == 0, "what follows waits until somebody knows"
        make_due(thread.ids[part])
        assert line.run() == 1
    assert thread.attempts() == [["unknown", "success"]] * 3
    receipts = simulator.receipts()
    found = [author.look(each)["publish_events"][-1]["external_post_id"] for each in thread.ids]
    assert [each["id"] for each in receipts] == found
    assert [each["parent"] for each in receipts] == [None, *found[:2]]


@CHANNELS
def test_a_part_whose_parent_is_gone_says_so(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    thread = Thread.of(author, channel)
    make_due(thread.ids[0])
    line.run()
    with engine().begin() as database:
        database.execute(
            text("UPDATE publish_events SET external_post_id = external_post_id || '9'")
        )
    line.run()
    found = thread.schedules()[1]
    assert (found["status"], found["error_class"]) == ("failed", "content")
    assert (found["error_code"], found["action_required"]) == ("PARENT_MISSING", "edit")
    assert thread.post_status == "partial"
    assert arrived(simulator) == IN_ORDER[:1]


@CHANNELS
def test_a_thread_goes_on_from_what_a_person_found(
    author: Author, line: Line, simulator: Simulator, channel: str
) -> None:
    thread = Thread.of(author, channel)
    make_due(thread.ids[0])
    simulator.fail(channel, "fail_after_accepting")
    line.run()
    with engine().begin() as database:
        database.execute(
            text("UPDATE schedules SET status = 'unknown', lease_expires_at = NULL WHERE part = 0")
        )
    (receipt,) = simulator.receipts()
    answer = author.api.post(
        f"/schedules/{thread.ids[0]}/resolve", {"outcome": "published", "url": receipt["url"]}
    )
    assert answer.status == 200, answer.content
    assert [line.run(), line.run()] == [1, 1]
    assert arrived(simulator) == IN_ORDER
    assert thread.post_status == "published"
