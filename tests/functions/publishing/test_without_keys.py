"""Networks that take no idempotency key: one can be looked through, the other cannot."""

from datetime import timedelta

from tests.author import Author
from tests.line import Line, make_due
from tests.simulator.client import Simulator
from tests.thread import IN_ORDER, Thread, arrived


def test_a_thread_of_x_leaves_part_by_part(
    author: Author, line: Line, simulator: Simulator
) -> None:
    thread = Thread.of(author, "x")
    thread.make_due(late=timedelta(minutes=30))
    for _ in range(3):
        assert line.run() == 1
    assert arrived(simulator) == IN_ORDER
    assert thread.post_status == "published"


def test_a_thread_of_linkedin_is_a_post_and_comments_below_it(
    author: Author, line: Line, simulator: Simulator
) -> None:
    thread = Thread.of(author, "linkedin")
    thread.make_due(late=timedelta(minutes=30))
    for _ in range(3):
        assert line.run() == 1
    assert arrived(simulator) == [("First", None), ("Second", "First"), ("Third", "First")]
    assert thread.post_status == "published"


def test_linkedin_counts_nothing_of_a_person(author: Author, simulator: Simulator) -> None:
    connection = author.connect("linkedin")
    answer = author.api.get(f"/channels/connections/{connection}/metrics")
    assert (answer.status, answer.json["data"]["metrics"]) == (200, {})


def test_what_is_uncertain_at_x_is_looked_for_and_found(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled(channel="x")
    simulator.fail("x", "fail_after_accepting")
    for _ in range(2):
        make_due(schedule)
        line.run()
    (arrived_once,) = simulator.receipts()
    shown = author.look(schedule)["schedule"]
    assert (shown["status"], shown["external_post_id"]) == ("success", arrived_once["id"])


def test_what_never_arrived_at_x_is_sent_again(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled(channel="x")
    simulator.fail("x", "server_error_before")
    for _ in range(2):
        make_due(schedule)
        line.run()
    assert author.status(schedule) == "success"
    assert len(simulator.receipts()) == 1


def test_linkedin_publishes(author: Author, line: Line, simulator: Simulator) -> None:
    schedule = author.scheduled(channel="linkedin")
    make_due(schedule)
    line.run()
    (arrived_once,) = simulator.receipts()
    shown = author.look(schedule)["schedule"]
    assert (shown["status"], shown["external_post_id"]) == ("success", arrived_once["id"])


def test_what_is_uncertain_at_linkedin_waits_for_a_person_and_is_never_sent_again(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled(channel="linkedin")
    simulator.fail("linkedin", "fail_after_accepting")
    for _ in range(3):
        make_due(schedule)
        line.run()
    shown = author.look(schedule)["schedule"]
    assert (shown["status"], shown["action_required"]) == ("unknown", "confirm")
    assert len(simulator.receipts()) == 1
