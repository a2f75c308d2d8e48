"""Both templates, deployed with each set of parameters, and each function called as it is there."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import inspect

from runner.gateway import match, routes
from runner.template import Function, Trigger
from tests import container
from tests.architecture.tree import FUNCTIONS, ROOT
from tests.deployment.account import Account, Stack, account, known_to_moto, parameter_set
from tests.deployment.stand_in import Alias, StandIn, Version, WayOut
from tests.scratch_database import scratch_database, settings_of

SIZES = ("small", "standard", "large")
ROUTES = routes(FUNCTIONS)
EVENTS = Path(__file__).parents[1] / "events"

NOT_BY_MOTO = (
    "AWS::AmazonMQ::Broker",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::ApiGatewayV2::DomainName",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudWatch::Alarm",
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
    "AWS::EC2::EgressOnlyInternetGateway",
    "AWS::EC2::VPCCidrBlock",
    "AWS::ElastiCache::CacheCluster",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::Logs::MetricFilter",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBProxy",
    "AWS::RDS::DBProxyTargetGroup",
    "AWS::S3::BucketPolicy",
    "AWS::SES::EmailIdentity",
    "AWS::SNS::Subscription",
    "AWS::Scheduler::Schedule",
    "AWS::SecretsManager::Secret",
)
"""What moto's CloudFormation makes nothing of: here something stands for it, and no more."""

NOT_WELL_BY_MOTO = (
    "AWS::Lambda::EventSourceMapping",  # it knows sources, but no broker
    "AWS::Lambda::Version",  # it has no ARN to refer to
    "AWS::RDS::DBInstance",  # it knows no instance of Aurora without a version of its own
)

STAND_INS = {
    **dict.fromkeys((*NOT_BY_MOTO, *NOT_WELL_BY_MOTO), StandIn),
    "AWS::Lambda::Version": Version,
    "AWS::Lambda::Alias": Alias,
    "AWS::EC2::EgressOnlyInternetGateway": WayOut,
}


@pytest.fixture(scope="module")
def aws() -> Iterator[Account]:
    with account(STAND_INS) as made:
        yield made


@pytest.fixture(scope="module")
def given(environment: dict[str, str]) -> dict[str, str]:
    """What has no default in the template, and what the other tests set."""
    values = {**environment, "SIMULATOR_URL": "", "HTTP_CLIENT_ALLOW_PRIVATE": "false"}
    parameters = {
        "".join(word.title() for word in name.split("_")): value for name, value in values.items()
    }
    return {name: value for name, value in parameters.items() if name != "DatabasePoolSize"}


@pytest.fixture(scope="module")
def deployed(aws: Account, given: dict[str, str]) -> Callable[[str], Stack]:
    """The stack of each name, made when it is asked for first."""

    @cache
    def deploy(name: str) -> Stack:
        if name.startswith("stores-"):
            return aws.deploy(name, "stores.yaml", parameter_set(name))
        own = {**given, **parameter_set(name), "StorageBucket": f"media-{name}"}
        return aws.deploy(name, "template.yaml", own)

    return deploy


@pytest.fixture(params=SIZES)
def stack(request: pytest.FixtureRequest, deployed: Callable[[str], Stack]) -> Stack:
    return deployed(request.param)


@pytest.fixture
def stores(stack: Stack, deployed: Callable[[str], Stack]) -> Stack:
    """Of the same size."""
    return deployed(f"stores-{stack.name}")


def test_everything_is_made_but_what_is_not_wanted(stack: Stack) -> None:
    left_out = stack.kinds.keys() - stack.made.keys()
    conditional = {
        name for name, each in stack.template["Resources"].items() if "Condition" in each
    }
    assert left_out == conditional


def test_what_moto_cannot_make_is_known_by_name(stack: Stack, stores: Stack) -> None:
    """Should it come to make one of these, take it off the list."""
    wanted = {*stack.kinds.values(), *stores.kinds.values()}
    assert wanted >= set(NOT_BY_MOTO)
    with pytest.MonkeyPatch.context() as patch:
        from moto.cloudformation.parsing import get_model_map

        for kind in NOT_BY_MOTO:
            patch.delitem(get_model_map(), kind)
        assert {kind for kind in wanted if not known_to_moto(kind)} == set(NOT_BY_MOTO)


def test_stores_answer_what_the_application_asks_for(stores: Stack, stack: Stack) -> None:
    left_out = stores.kinds.keys() - stores.made.keys()
    assert {name for name in left_out if "Condition" not in stores.template["Resources"][name]} == (
        set()
    )
    asked = {"BrokerArn", "BrokerSecretArn", "CacheUrl"}
    asked |= {"VpcSubnets", "VpcSecurityGroup", "VpcIpv6"}
    assert asked <= stack.template["Parameters"].keys() & stores.outputs.keys()
    assert all(stores.outputs.values())


def test_a_stack_and_its_template_have_room(stack: Stack) -> None:
    """CloudFormation takes 500 resources, and 1 MB of template."""
    assert len(stack.template["Resources"]) < 480
    assert len(json.dumps(stack.template)) < 900_000


def test_how_full_a_stack_is_can_be_read(stack: Stack) -> None:
    """And what its functions take of it, by what calls them."""
    page = (ROOT / "docs/deploy.md").read_text()
    [told] = re.findall(
        r"^CloudFormation takes 500 .+ this one asks for (\d+):", page, re.MULTILINE
    )
    assert int(told) == len(stack.kinds)
    permissions = Counter(stack.kinds.values())["AWS::Lambda::Permission"]
    [told] = re.findall(r"Each is a permission, and there are (\d+) of them", page)
    arrivals = sum(len(each.of_kind("S3")) for each in FUNCTIONS)
    assert int(told) == permissions - arrivals
    apart = tuple(each.name for each in FUNCTIONS if not each.of_kind("HttpApi"))
    [told] = re.findall(r"takes (\d+) resources along", page)
    assert int(told) == sum(name.startswith(apart) for name in stack.kinds)


def test_the_schema_is_there_once_the_stack_is(
    aws: Account, given: dict[str, str], server: Any
) -> None:
    """By the function that was made for it, called as CloudFormation calls it."""
    with scratch_database(server, "deployed") as database, settings_of(database):
        url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        parameters = {**given, "DatabaseOwnerUrl": url, "StorageBucket": "media-migrated"}
        stack = aws.deploy("migrated", "template.yaml", parameters)
        assert inspect(database).has_table("schedules")
    assert stack.outputs["SchemaRevision"].isdigit()
    described = _configuration(aws, stack, "ContentPosts")["Description"]
    assert described == f"test, schema {stack.outputs['SchemaRevision']}"


@pytest.fixture(scope="module")
def beginning(shared_database: None) -> Iterator[None]:
    """No other test's connections, which are more, and none of ours for others."""
    with container.of_its_own():
        yield


@pytest.mark.usefixtures("beginning")
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_answers_as_it_was_made(
    stack: Stack,
    function: Function,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the handler and the settings that it has there, and no others."""
    made = _configuration(stack.account, stack, function.name)
    assert made["Handler"] == function.handler
    for name in environment:
        monkeypatch.delenv(name, raising=False)
    for name, value in made["Environment"]["Variables"].items():
        monkeypatch.setenv(name, str(value))
    module, _, attribute = made["Handler"].rpartition(".")
    handler = getattr(import_module(module), attribute)
    for trigger in function.triggers:
        _CALLS[trigger.kind](handler, trigger)


def _configuration(aws: Account, stack: Stack, function: str) -> dict[str, Any]:
    name = stack.made[function]
    told: dict[str, Any] = aws.client("lambda").get_function_configuration(FunctionName=name)
    return told


def _event(kind: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((EVENTS / f"{kind}.json").read_text())
    return told


def _by_http(handler: Any, trigger: Trigger) -> None:
    """Nobody in particular asks; what is answered comes from a route, or from who refuses."""
    method, path = _led_to(handler, f"{trigger.properties['Method']} {trigger.properties['Path']}")
    event = _event("http_api")
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    event["requestContext"]["http"]["method"] = method
    answer = handler(event, None)
    assert answer["statusCode"] < 500
    for unserved in ("ROUTE_NOT_FOUND", "METHOD_NOT_ALLOWED"):
        assert unserved not in answer["body"], f"{method} {path}"
    assert "x-request-id" in answer["headers"]


def _led_to(handler: Any, key: str) -> tuple[str, str]:
    """A request that the API hands over by this route of the template, and the function answers."""
    for route in iter_route_contexts(handler.app.routes):
        path = re.sub(r"\{[^}]+\}", "any", route.path or "")
        for method in sorted(route.methods or ()):
            chosen = match(ROUTES, method, path)
            if chosen is not None and chosen.key == key:
                return method, path
    raise AssertionError(f"nothing is served by {key}")


def _by_timer(handler: Any, trigger: Trigger) -> None:
    assert isinstance(handler(_event("schedule"), None), dict)


def _by_queue(handler: Any, trigger: Trigger) -> None:
    """The message is nobody's, so it is put aside, and its batch is done."""
    event = _event("rabbitmq")
    [messages] = event["rmqMessagesByQueue"].values()
    [queue] = trigger.properties["Queues"]
    event["rmqMessagesByQueue"] = {f"{queue}::/": messages}
    handler(event, None)


def _by_file(handler: Any, trigger: Trigger) -> None:
    handler(_event("s3"), None)


_CALLS: Mapping[str, Any] = {
    "HttpApi": _by_http,
    "ScheduleV2": _by_timer,
    "MQ": _by_queue,
    "S3": _by_file,
}
