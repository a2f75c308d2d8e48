"""What the alarms of the template go by: how late, how long, how many, and what nobody knows."""

import json
import time
from collections import defaultdict
from collections.abc import Callable

import pytest

from runner.record_keeper import record_keeper
from tests.author import Author
from tests.functions.publishing.unsettled import leave_unknown
from tests.line import Line, make_due

Told = Callable[[str], dict[str, list[float]]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Told:
    """The values of each metric that stands for all networks together, as CloudWatch reads them."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "any")

    def read(awaited: str) -> dict[str, list[float]]:
        """All that is told until one of that name is; it is told after the answer."""
        values: defaultdict[str, list[float]] = defaultdict(list)
        until = time.monotonic() + 10
        while awaited not in values and time.monotonic() < until:
            record_keeper().settle(until)
            for line in capsys.readouterr().out.splitlines():
                record = json.loads(line)
                for directive in record.get("_aws", {}).get("CloudWatchMetrics", []):
                    assert [] in directive["Dimensions"]
                    for metric in directive["Metrics"]:
                        values[metric["Name"]] += record[metric["Name"]]
        return values

    return read


def test_how_late_a_batch_left_and_what_became_of_it(
    author: Author, line: Line, told: Told
) -> None:
    for schedule in [author.scheduled(), author.scheduled("Another")]:
        make_due(schedule)
    assert line.tick() == 2
    assert max(told("Overdue")["Overdue"]) > 0
    line.publish(line.taken())
    figures = told("Published")
    assert figures["Published"] == [1, 1]
    assert all(0 < late < 3600 for late in figures["Lateness"])
    assert "Unknown" not in figures


def test_what_is_not_due_yet_does_not_wait(author: Author, line: Line, told: Told) -> None:
    author.scheduled()
    line.tick()
    line.publish([b"?"])
    assert "Overdue" not in told("DeadLetters")


def test_what_nobody_knows_is_counted(author: Author, line: Line, told: Told) -> None:
    schedule = author.scheduled(channel="linkedin")
    leave_unknown(line, schedule)
    assert author.status(schedule) == "unknown"
    assert sum(told("Unknown")["Unknown"]) == 1


def test_what_nobody_can_read_is_counted(line: Line, told: Told) -> None:
    line.publish([b'{"version": 99}', b"?"])
    assert told("DeadLetters")["DeadLetters"] == [1, 1]
