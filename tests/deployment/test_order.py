"""What is made when, and what calls what: of the template as CloudFormation gets it."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

import pytest

from tests.architecture.deployed import document
from tests.architecture.tree import FUNCTIONS, HTTP_FUNCTIONS, ROOT
from tests.deployment.account import transformed

MIGRATOR = "OperationsMigrator"
SHIFTED_SLOWLY = {
    *(function.name for function in HTTP_FUNCTIONS),
    "PublishingScanner",
    "PublishingPublisher",
}
WATCHED_BY = {"LatenessAlarm", "FunctionFailuresAlarm", "LoggedErrorsAlarm"}


@cache
def resources(**parameters: str) -> dict[str, Any]:
    told: dict[str, Any] = transformed("template.yaml", parameters)["Resources"]
    return told


def of_type(kind: str) -> dict[str, Any]:
    return {name: each for name, each in resources().items() if each["Type"] == kind}


def _referred(part: Any) -> Iterator[str]:
    match part:
        case {"Ref": str(name)}:
            yield name
        case {"Fn::GetAtt": [name, _]}:
            yield name
        case {"Fn::Sub": said}:
            text = said if isinstance(said, str) else said[0]
            yield from (word.split("}")[0].split(".")[0] for word in text.split("${")[1:])
            yield from _referred(said[1:] if isinstance(said, list) else [])
        case dict():
            for each in part.values():
                yield from _referred(each)
        case list():
            for each in part:
                yield from _referred(each)


def _needs(resource: dict[str, Any]) -> set[str]:
    waits = resource.get("DependsOn", [])
    told = [resource.get("Properties"), resource.get("UpdatePolicy")]
    return {*_referred(told), *([waits] if isinstance(waits, str) else waits)}


@cache
def before() -> dict[str, set[str]]:
    """Of each resource all that is made before it."""
    made = resources().keys()
    direct = {name: _needs(each) & made for name, each in resources().items()}
    whole: dict[str, set[str]] = {}
    for name in TopologicalSorter(direct).static_order():
        whole[name] = direct[name].union(*(whole[each] for each in direct[name]))
    return whole


def test_nothing_waits_for_itself() -> None:
    """Not even by way of what a deployment is watched by."""
    assert before().keys() == resources().keys()


def test_the_schema_comes_before_all_code_but_the_migrators() -> None:
    early = {name for name in of_type("AWS::Lambda::Function") if "Schema" not in before()[name]}
    assert early == {MIGRATOR}
    assert MIGRATOR in before()["Schema"]


def test_the_migrator_may_read_its_password_before_it_is_called() -> None:
    """Nothing refers to a policy, so that it would be made at any time."""
    roles = resources()["SecretsPolicy"]["Properties"]["Roles"]
    assert resources()[MIGRATOR]["Properties"]["Role"]["Fn::GetAtt"][0] in set(_referred(roles))
    assert "SecretsPolicy" in before()["Schema"]


def test_new_code_is_reason_enough_to_look_at_the_schema() -> None:
    [version] = [name for name in before()["Schema"] if name.startswith(f"{MIGRATOR}Version")]
    assert resources()["Schema"]["Properties"]["Code"] == {"Ref": version}


def test_whatever_calls_a_function_calls_what_is_live() -> None:
    """Else a deployment that fails half-way would have changed what is called."""
    callers: dict[str, Callable[[dict[str, Any]], Any]] = {
        "AWS::Lambda::Permission": lambda said: said["FunctionName"],
        "AWS::Lambda::EventSourceMapping": lambda said: said["FunctionName"],
        "AWS::Scheduler::Schedule": lambda said: said["Target"]["Arn"],
    }
    aliases = of_type("AWS::Lambda::Alias").keys()
    called = {
        (name, next(_referred(target_of(each["Properties"]))))
        for kind, target_of in callers.items()
        for name, each in of_type(kind).items()
    }
    assert len(called) > len(FUNCTIONS)
    assert {name for name, target in called if target not in aliases} == set()
    routes = of_type("AWS::ApiGatewayV2::Api")["Api"]["Properties"]["Body"]["paths"]
    assert len(routes) > len(HTTP_FUNCTIONS)
    assert {name for name in _referred(routes) if "Function" in name} <= aliases
    notified = resources()["MediaBucket"]["Properties"]["NotificationConfiguration"]
    assert set(_referred(notified)) <= aliases


def test_what_people_and_posts_go_through_shifts_slowly_and_is_watched() -> None:
    groups = of_type("AWS::CodeDeploy::DeploymentGroup")
    assert {name.removesuffix("DeploymentGroup") for name in groups} == SHIFTED_SLOWLY
    for name, group in groups.items():
        watched = group["Properties"]["AlarmConfiguration"]["Fn::If"]
        assert watched[0] == "IsWatchedWhileShifting"
        assert {each["Name"]["Ref"] for each in watched[1]["Alarms"]} == WATCHED_BY, name
        assert group["Properties"]["AutoRollbackConfiguration"]["Enabled"] is True


@pytest.mark.parametrize("alarm", sorted(WATCHED_BY))
def test_a_mistake_is_seen_before_all_traffic_has_shifted(alarm: str) -> None:
    """By the shortest way to shift, which gives an alarm so many minutes; one is for telling it."""
    ways = document("template.yaml")["Parameters"]["DeploymentType"]["AllowedValues"]
    minutes = [
        int(found[1]) for way in ways if (found := re.fullmatch(r"Canary.*?(\d+)Minutes", way))
    ]
    told = resources()[alarm]["Properties"]
    assert told["Period"] * told["DatapointsToAlarm"] <= (min(minutes) - 1) * 60


@pytest.mark.parametrize("given", [{}, {"DeploymentType": "AllAtOnce"}], ids=str)
def test_how_traffic_shifts_is_a_parameter(given: dict[str, str]) -> None:
    default = document("template.yaml")["Parameters"]["DeploymentType"]["Default"]
    group = resources(**given)["PublishingPublisherDeploymentGroup"]
    _, said = group["Properties"]["DeploymentConfigName"]["Fn::Sub"]
    assert said == {"ConfigName": given.get("DeploymentType", default)}


def test_each_package_is_another_version() -> None:
    """Whatever has changed, also if settings alone have: a package knows when it was made."""
    packages = resources(), transformed("template.yaml", {}, "then")["Resources"]
    versions = [
        {name for name, each in made.items() if each["Type"] == "AWS::Lambda::Version"}
        for made in packages
    ]
    assert len(versions[0]) == len(versions[1]) == len(FUNCTIONS)
    assert not versions[0] & versions[1]
    assert "packaged-at" in (ROOT / ".ci/package").read_text()
