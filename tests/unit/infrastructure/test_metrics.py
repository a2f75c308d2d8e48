"""Figures leave as CloudWatch reads them from Lambda, and are logged elsewhere."""

import json
from typing import Any

import pytest

from shared.infrastructure.metrics import measure
from shared.infrastructure.recording import invocation
from shared.infrastructure.records import Records


def told(capsys: pytest.CaptureFixture[str], count: int = 1) -> list[dict[str, Any]]:
    with invocation(Records(request_id="r")):
        for number in range(count):
            measure("Lateness", number, "Seconds", Channel="mastodon")
        measure("Published", 1, "Count", Channel="mastodon")
        measure("Failed", 1, "Count", Channel="x", ErrorClass="content")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_away_from_lambda_they_are_logged(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    assert told(capsys, count=3) == []
    lateness, published, failed = [
        vars(each) for each in caplog.records if each.message == "figure_measured"
    ]
    of_all = {"figure": "Lateness", "unit": "Seconds", "count": 3, "sum": 3, "largest": 2}
    assert {**of_all, "Channel": "mastodon"}.items() <= lateness.items()
    assert (published["figure"], published["count"], published["sum"]) == ("Published", 1, 1)
    assert (failed["figure"], failed["Channel"], failed["ErrorClass"]) == ("Failed", "x", "content")


def test_outside_of_an_invocation_nothing_is_told(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    measure("Published", 1, "Count")
    assert (capsys.readouterr().out, caplog.messages) == ("", [])


def test_each_is_told_with_what_it_is_of(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "PublishingPublisher")
    lateness, published, failed = told(capsys)
    (directive,) = lateness["_aws"]["CloudWatchMetrics"]
    assert directive == {
        "Namespace": "luxaris",
        "Dimensions": [["Channel"], []],
        "Metrics": [{"Name": "Lateness", "Unit": "Seconds"}],
    }
    assert lateness["_aws"]["Timestamp"] > 1_700_000_000_000
    assert (lateness["Channel"], lateness["Lateness"]) == ("mastodon", [0])
    assert published["Published"] == [1]
    assert failed["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["Channel", "ErrorClass"], []]
    assert (failed["Channel"], failed["ErrorClass"], failed["Failed"]) == ("x", "content", [1])


def test_no_line_has_more_values_than_are_taken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "PublishingPublisher")
    values = [line["Lateness"] for line in told(capsys, 250) if "Lateness" in line]
    assert [len(each) for each in values] == [100, 100, 50]
    assert sum(map(sum, values)) == sum(range(250))
