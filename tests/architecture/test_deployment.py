"""What is deployed is watched, limited and kept: derived from the templates, without AWS."""

import ast
import json
import re
import tomllib
from functools import cache
from typing import Any

import pytest

from runner.template import Function
from tests.architecture.deployed import (
    TEMPLATES,
    document,
    fields_of_filter,
    properties,
    resources,
)
from tests.architecture.tree import FUNCTIONS, ROOT, parsed

MOST_RESOURCES = 500
"""Of a stack, by CloudFormation."""

BY_AWS = {"level"}
"""Fields that each record has, whatever its event."""

CALLED_BY_NOBODY = [each for each in FUNCTIONS if each.of_kind("ScheduleV2") or each.of_kind("S3")]
ALARMS = dict(resources("AWS::CloudWatch::Alarm"))
FILTERS = dict(resources("AWS::Logs::MetricFilter"))


@pytest.mark.parametrize("function", CALLED_BY_NOBODY, ids=lambda function: function.name)
def test_what_fails_with_nobody_waiting_is_kept(function: Function) -> None:
    """A timer comes again by itself; an arrival of a file does not, so it is tried again."""
    told = properties(function.name).get("EventInvokeConfig")
    assert told, f"give {function.name} the EventInvokeConfig that PublishingScanner has"
    kept = told["DestinationConfig"]["OnFailure"]
    assert kept == {"Type": "SQS", "Destination": {"Fn::GetAtt": "FailedEvents.Arn"}}
    assert told["MaximumRetryAttempts"] == (0 if function.of_kind("ScheduleV2") else 2)


@pytest.mark.parametrize("function", CALLED_BY_NOBODY, ids=lambda function: function.name)
def test_a_timer_does_not_make_up_for_ticks(function: Function) -> None:
    """The scheduler's default is 185 repeats over a day, and all of them would come at once."""
    for trigger in function.of_kind("ScheduleV2"):
        assert trigger.properties.get("RetryPolicy") == {"MaximumRetryAttempts": 0}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_stands_and_logs_where_every_other_does(function: Function) -> None:
    own = properties(function.name).keys()
    assert own & {"LoggingConfig", "VpcConfig", "Role"} == set()


def test_functions_run_on_arm_and_log_where_filters_read() -> None:
    shared = document("template.yaml")["Globals"]["Function"]
    assert shared["Architectures"] == ["arm64"]
    assert shared["LoggingConfig"] == {"LogGroup": {"Ref": "FunctionLogs"}}
    read = {name: each["Properties"]["LogGroupName"] for name, each in FILTERS.items()}
    assert {name for name, group in read.items() if group != {"Ref": "FunctionLogs"}} == set()


def test_the_api_is_throttled_and_leaves_a_line_for_each_request() -> None:
    api = properties("Api")
    assert api["DefaultRouteSettings"].keys() == {"ThrottlingRateLimit", "ThrottlingBurstLimit"}
    line = json.loads(api["AccessLogSettings"]["Format"])
    assert line["request_id"] == "$context.requestId"


def test_a_stack_has_room_for_more() -> None:
    """SAM makes a role of each function, and one or two resources of each event."""
    said = len(document("template.yaml")["Resources"])
    made = sum(1 + len(function.triggers) for function in FUNCTIONS) + len(CALLED_BY_NOBODY)
    assert said + made < MOST_RESOURCES * 0.9, "split the stack before it is full"


@cache
def logged() -> dict[str, set[str]]:
    """Every event that the code logs with fields told in place, and those fields."""
    found: dict[str, set[str]] = {}
    for path in (*ROOT.glob("shared/**/*.py"), *ROOT.glob("functions/**/*.py")):
        if "logger" not in path.read_text():
            continue
        for node in ast.walk(parsed(path)):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="logger")),
                    args=[ast.Constant(value=str(event)), *_],
                ):
                    found.setdefault(event, set()).update(_fields(node))
    return found


def _fields(call: ast.Call) -> set[str]:
    told = [each.value for each in call.keywords if each.arg == "extra"]
    return {
        str(key.value)
        for each in told
        if isinstance(each, ast.Dict)
        for key in each.keys
        if isinstance(key, ast.Constant)
    }


def test_what_metrics_are_made_of_is_logged() -> None:
    told = logged()
    for name, each in FILTERS.items():
        event, fields = fields_of_filter(each["Properties"]["FilterPattern"])
        [made] = each["Properties"]["MetricTransformations"]
        if made["MetricValue"].startswith("$."):
            fields.add(made["MetricValue"].removeprefix("$."))
        if event is None:
            assert fields <= BY_AWS, name
        else:
            assert fields <= told.get(event, set()), f"{name}: nobody logs {event} with {fields}"


def test_each_alarm_of_ours_has_its_metric_and_tells_somebody() -> None:
    made = {
        each["Properties"]["MetricTransformations"][0]["MetricName"] for each in FILTERS.values()
    }
    for name, each in ALARMS.items():
        told = each["Properties"]
        if told["Namespace"] == {"Fn::Sub": "Luxaris/${AWS::StackName}"}:
            assert told["MetricName"] in made, name
        assert told["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        assert told["DatapointsToAlarm"] <= told["EvaluationPeriods"], name


def test_what_says_nothing_alarms_only_where_silence_is_wrong() -> None:
    wrong = {
        name
        for name, each in ALARMS.items()
        if each["Properties"]["TreatMissingData"] == "breaching"
    }
    assert wrong == {"ScannerSilentAlarm"}


def test_the_dashboard_is_readable_and_shows_our_metrics() -> None:
    body = json.loads(properties("Dashboard")["DashboardBody"]["Fn::Sub"])
    shown = {
        metric[1]
        for widget in body["widgets"]
        for metric in widget["properties"]["metrics"]
        if isinstance(metric[0], str) and metric[0].startswith("Luxaris/")
    }
    assert shown == {
        each["Properties"]["MetricTransformations"][0]["MetricName"] for each in FILTERS.values()
    }


def _sets() -> list[tuple[str, str, dict[str, str]]]:
    """Each set of parameters, the template it is for, and what it says."""
    told = tomllib.loads((ROOT / "samconfig.toml").read_text())
    return [
        (
            name,
            "stores.yaml" if name.startswith("stores-") else "template.yaml",
            dict(
                each.split("=", 1) for each in stage["deploy"]["parameters"]["parameter_overrides"]
            ),
        )
        for name, stage in told.items()
        if isinstance(stage, dict) and name != "default"
    ]


def test_there_are_three_sizes_of_both() -> None:
    sizes = {"small", "standard", "large"}
    assert {name for name, _, _ in _sets()} == sizes | {f"stores-{size}" for size in sizes}


@pytest.mark.parametrize("name", [name for name, _, _ in _sets()])
def test_a_size_says_what_its_template_takes(name: str) -> None:
    [(template, said)] = [(each[1], each[2]) for each in _sets() if each[0] == name]
    parameters = document(template)["Parameters"]
    for key, value in said.items():
        assert key in parameters, f"{name}: {template} has no parameter {key}"
        _accept(parameters[key], value, f"{name}.{key}")
    if said.get("BrokerMode") == "CLUSTER_MULTI_AZ":
        assert said["BrokerSize"] != "mq.t3.micro"


def _accept(parameter: dict[str, Any], value: str, place: str) -> None:
    if parameter["Type"] == "Number":
        assert re.fullmatch(r"\d+(\.\d+)?", value), place
        assert float(value) >= parameter.get("MinValue", 0), place
        assert float(value) <= parameter.get("MaxValue", float("inf")), place
    allowed = parameter.get("AllowedValues")
    assert allowed is None or value in map(str, allowed), place


def test_default_values_pass_their_own_rules() -> None:
    for template in TEMPLATES:
        for name, parameter in document(template)["Parameters"].items():
            if "Default" in parameter:
                _accept(parameter, str(parameter["Default"]), f"{template}.{name}")
