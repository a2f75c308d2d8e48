"""What the metric filters of the template read: how late, how many, and what nobody knows."""

import logging

import pytest

from tests.author import Author
from tests.functions.publishing.unsettled import leave_unknown
from tests.line import Line, make_due


def _told(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, object]]:
    return [vars(one) for one in caplog.records if one.getMessage() == event]


def test_how_late_a_batch_left_and_what_became_of_it(
    author: Author, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    schedules = [author.scheduled(), author.scheduled("Another")]
    for schedule in schedules:
        make_due(schedule)
    with caplog.at_level(logging.INFO):
        line.tick()
        line.publish(line.taken())
    [watched] = _told(caplog, "window_watched")
    assert watched["claimed"] == 2
    assert float(str(watched["overdue_seconds"])) > 0
    told = _told(caplog, "endings_recorded")
    assert sum(int(str(one["published"])) for one in told) == 2
    assert {one["unknown"] for one in told} == {0}
    assert all(0 < float(str(one["lateness_seconds"])) < 3600 for one in told)


def test_a_scanner_with_nothing_due_says_that_nothing_waits(
    author: Author, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        line.tick()
    [watched] = _told(caplog, "window_watched")
    assert (watched["claimed"], watched["overdue_seconds"]) == (0, 0)


def test_what_nobody_knows_is_counted(
    author: Author, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    schedule = author.scheduled(channel="linkedin")
    with caplog.at_level(logging.INFO):
        leave_unknown(line, schedule)
    assert author.status(schedule) == "unknown"
    assert sum(int(str(one["unknown"])) for one in _told(caplog, "endings_recorded")) == 1
