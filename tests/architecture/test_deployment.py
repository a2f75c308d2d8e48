"""What is deployed is watched, limited and kept: derived from the templates, without AWS."""

import ast
import json
import re
from functools import cache
from typing import Any

import pytest

from runner.template import Function
from tests.architecture.deployed import (
    TEMPLATES,
    document,
    fields_of_filter,
    parameter_sets,
    properties,
    resources,
)
from tests.architecture.tree import FUNCTIONS, ROOT, parsed

MOST_RESOURCES = 500
"""Of a stack, by CloudFormation."""

IN_ANY_LINE = {"level"}
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


def test_no_message_waits_for_others() -> None:
    """Left out it is half a second, by which a post would be late."""
    windows = {
        trigger.properties.get("MaximumBatchingWindowInSeconds")
        for function in FUNCTIONS
        for trigger in function.of_kind("MQ")
    }
    assert windows == {0}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_stands_and_logs_where_every_other_does(function: Function) -> None:
    own = properties(function.name).keys()
    assert own & {"LoggingConfig", "VpcConfig", "AutoPublishAlias"} == set()


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_only_what_needs_no_snapshot_has_much_disk(function: Function) -> None:
    """A snapshot is refused to a function with more than 512 MB of it."""
    own = properties(function.name)
    assert own.get("SnapStart") == ({"ApplyOn": "None"} if "EphemeralStorage" in own else None)


def test_whatever_lies_in_a_queue_that_nobody_reads_is_told() -> None:
    """A query of CloudWatch knows no "or", so it names all queues that are read."""
    [query] = ALARMS["DeadQueuesAlarm"]["Properties"]["Metrics"]
    named = re.findall(r"Queue != '([^']+)'", query["Expression"]["Fn::Sub"][0])
    assert sorted(named) == sorted(_queues_that_are_read())


def test_queues_are_made_before_they_are_read() -> None:
    """By the migrator, before any function is there that Lambda could hand messages to."""
    assert sorted(properties("Schema")["Queues"]) == sorted(_queues_that_are_read())


def _queues_that_are_read() -> list[str]:
    return [
        queue
        for function in FUNCTIONS
        for trigger in function.of_kind("MQ")
        for queue in trigger.properties["Queues"]
    ]


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
def measured() -> set[str]:
    """Every figure that the code tells CloudWatch, by `measure`."""
    return {
        word.value
        for path in (*ROOT.glob("shared/**/*.py"), *ROOT.glob("functions/**/*.py"))
        if "measure(" in path.read_text()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "measure"
        for word in ast.walk(node.args[0])
        if isinstance(word, ast.Constant) and isinstance(word.value, str)
    }


def test_what_filters_count_is_in_any_line() -> None:
    """A filter counts what is logged anyway; what is logged for a figure's sake is measured."""
    for name, each in FILTERS.items():
        told = each["Properties"]
        assert fields_of_filter(told["FilterPattern"]) <= IN_ANY_LINE, name
        assert told["MetricTransformations"][0]["MetricValue"] == "1", name


def figures() -> set[str]:
    counted = {
        each["Properties"]["MetricTransformations"][0]["MetricName"] for each in FILTERS.values()
    }
    assert not counted & measured()
    return counted | measured()


def test_each_alarm_of_ours_has_its_metric_and_tells_somebody() -> None:
    for name, each in ALARMS.items():
        told = each["Properties"]
        if told.get("Namespace") == {"Ref": "AWS::StackName"}:
            assert told["MetricName"] in figures(), name
            assert "Dimensions" not in told, f"{name}: only totals are of all functions alike"
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
        if isinstance(metric, list) and metric[0] == "${AWS::StackName}"
    }
    assert shown == figures()


def test_there_are_three_sizes_of_both() -> None:
    sizes = {"small", "standard", "large"}
    assert {name for name, _, _ in parameter_sets()} == sizes | {f"stores-{size}" for size in sizes}


@pytest.mark.parametrize("name", [name for name, _, _ in parameter_sets()])
def test_a_size_says_what_its_template_takes(name: str) -> None:
    [(template, said)] = [(each[1], each[2]) for each in parameter_sets() if each[0] == name]
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
