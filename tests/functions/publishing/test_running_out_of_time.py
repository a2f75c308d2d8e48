"""A batch that takes too long starts and sends nothing more, and nothing is the worse for it."""

import pytest

from tests.author import Author
from tests.functions.publishing.batches import publish
from tests.line import Line, make_due
from tests.simulator.client import Simulator

GONE_BY = -1.0
"""A moment that has passed when the batch begins."""


def test_what_is_not_started_any_more_is_free_at_once(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule, cancelled = author.scheduled(), author.scheduled()
    for each in (schedule, cancelled):
        make_due(each)
    line.scan()
    assert author.api.post(f"/schedules/{cancelled}/cancel").status == 200
    assert publish(line.claims(), starting=GONE_BY) == 0
    assert author.look(schedule)["publish_events"] == []
    assert line.run() == 1
    assert [author.status(each) for each in (schedule, cancelled)] == ["success", "cancelled"]
    assert len(simulator.receipts()) == 1


def test_what_was_started_and_is_not_reached_costs_no_attempt(
    author: Author, line: Line, simulator: Simulator
) -> None:
    schedule = author.scheduled()
    for _ in range(7):
        make_due(schedule)
        line.scan()
        assert publish(line.claims(), sending=GONE_BY) == 1
        assert author.status(schedule) == "pending"
    assert simulator.receipts() == []
    make_due(schedule)
    line.run()
    assert author.status(schedule) == "success"
    events = author.look(schedule)["publish_events"]
    assert [event["error_code"] for event in events] == [*["NO_TIME_LEFT"] * 7, None]


@pytest.mark.parametrize("deaths", [1, 5])
def test_what_may_be_out_is_not_taken_for_unsent(
    author: Author, line: Line, simulator: Simulator, deaths: int
) -> None:
    """It can neither be cancelled nor end as failed; somebody still looks, or a person says."""
    schedule = author.scheduled()
    for _ in range(deaths):
        make_due(schedule)
        line.scan()
        line.start_and_die()
    make_due(schedule)
    line.scan()
    publish(line.claims(), sending=GONE_BY)
    assert author.status(schedule) == ("processing" if deaths == 1 else "unknown")
    assert author.api.post(f"/schedules/{schedule}/cancel").status == 409
    if deaths == 1:
        make_due(schedule)
        line.run()
        assert author.status(schedule) == "success"
        assert len(simulator.receipts()) == 1
