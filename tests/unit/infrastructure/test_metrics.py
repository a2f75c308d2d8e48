"""Figures leave as CloudWatch reads them, from Lambda only."""

import json
from typing import Any

import pytest

from shared.infrastructure.metrics import measure
from shared.infrastructure.recording import invocation
from shared.infrastructure.records import Records


def told(capsys: pytest.CaptureFixture[str], count: int = 1) -> list[dict[str, Any]]:
    with invocation(Records(request_id="r")):
        for number in range(count):
            measure("Lateness", number, "Milliseconds", Channel="mastodon")
        measure("Published", 1, "Count", Channel="mastodon")
        measure("Failed", 1, "Count", Channel="x", ErrorClass="content")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_nothing_is_told_away_from_lambda(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys) == []
    measure("Published", 1, "Count")


def test_each_is_told_with_what_it_is_of(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "PublishingPublisher")
    lateness, published, failed = told(capsys)
    (directive,) = lateness["_aws"]["CloudWatchMetrics"]
    assert directive == {
        "Namespace": "Luxaris",
        "Dimensions": [["Channel"]],
        "Metrics": [{"Name": "Lateness", "Unit": "Milliseconds"}],
    }
    assert lateness["_aws"]["Timestamp"] > 1_700_000_000_000
    assert (lateness["Channel"], lateness["Lateness"]) == ("mastodon", [0])
    assert published["Published"] == [1]
    assert failed["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["Channel", "ErrorClass"]]
    assert (failed["Channel"], failed["ErrorClass"], failed["Failed"]) == ("x", "content", [1])


def test_no_line_has_more_values_than_are_taken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "PublishingPublisher")
    values = [line["Lateness"] for line in told(capsys, 250) if "Lateness" in line]
    assert [len(each) for each in values] == [100, 100, 50]
    assert sum(map(sum, values)) == sum(range(250))
