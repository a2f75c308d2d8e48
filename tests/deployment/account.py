"""An account of AWS on this machine: moto's server, and stacks made as `sam deploy` makes them."""

import io
import json
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from typing import Any

import boto3
import pytest
from moto.cloudformation import parsing
from moto.cloudformation.parsing import get_model_map
from moto.server import ThreadedMotoServer
from samtranslator.translator.transform import transform

from tests.architecture.deployed import document
from tests.architecture.tree import ROOT
from tests.deployment.stand_in import Called, StandIn

REGION = "us-east-1"
PACKAGES = "packages"


class _NoManagedPolicies:
    """The template names none by their short names."""

    def load(self) -> dict[str, str]:
        return {}


def parameter_set(name: str) -> dict[str, str]:
    """What `sam deploy --config-env` of that name overrides."""
    told = tomllib.loads((ROOT / "samconfig.toml").read_text())
    overrides = told[name]["deploy"]["parameters"]["parameter_overrides"]
    return dict(each.split("=", 1) for each in overrides)


def transformed(
    template: str, parameters: Mapping[str, str], packaged: str = "now"
) -> dict[str, Any]:
    """As CloudFormation gets it once the code lies in S3 and SAM's transform has run.

    `packaged` is what tells one package from another, as the hash in its name does.

    Raises:
        InvalidDocumentException: SAM does not take it.
    """
    told: dict[str, Any] = _in_full(document(template))
    if "Transform" not in told:
        return told
    for part in (told["Globals"]["Function"], *_serverless(told)):
        if "CodeUri" in part:
            part["CodeUri"] = f"s3://{PACKAGES}/{packaged}/{part['CodeUri'].rpartition('/')[2]}.zip"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", REGION)
        made: dict[str, Any] = transform(told, dict(parameters), _NoManagedPolicies())
    return made


def _in_full(part: Any) -> Any:
    """JSON has no `!GetAtt Name.Attribute`, only a list of both; moto computes no `Fn::Cidr`."""
    match part:
        case {"Fn::Cidr": [_, count, _]}:
            return [f"2001:db8:0:{number}::/64" for number in range(int(count))]
        case {"Fn::GetAtt": str(said)}:
            return {"Fn::GetAtt": said.split(".", 1)}
        case dict():
            return {name: _in_full(each) for name, each in part.items()}
        case list():
            return [_in_full(each) for each in part]
    return part


def _serverless(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in told["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            yield resource["Properties"]


class Account:
    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        for bucket in (PACKAGES, "templates"):
            self.client("s3").create_bucket(Bucket=bucket)
        for name in ("functions", "media"):
            self.client("s3").put_object(Bucket=PACKAGES, Key=f"now/{name}.zip", Body=_package())

    @cache  # noqa: B019 an account lives as long as the tests do
    def client(self, service: str) -> Any:
        return boto3.client(service, region_name=REGION, endpoint_url=self._endpoint)  # type: ignore[call-overload]

    def deploy(self, stack: str, template: str, parameters: Mapping[str, str]) -> "Stack":
        """Make the stack; what is too large for a call goes by way of S3."""
        made = transformed(template, parameters)
        key = f"{stack}.json"
        self.client("s3").put_object(Bucket="templates", Key=key, Body=json.dumps(made))
        self.client("cloudformation").create_stack(
            StackName=stack,
            TemplateURL=f"https://templates.s3.amazonaws.com/{key}",
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in parameters.items()
            ],
        )
        [found] = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        assert found["StackStatus"] == "CREATE_COMPLETE"
        return Stack(self, stack, made, found)


class Stack:
    """`template` is what was asked for; what was made of it is asked of the account."""

    def __init__(
        self, account: Account, name: str, template: dict[str, Any], described: dict[str, Any]
    ) -> None:
        self.account, self.name, self.template = account, name, template
        self.outputs = {
            each["OutputKey"]: each.get("OutputValue") for each in described.get("Outputs", [])
        }

    @cached_property
    def made(self) -> dict[str, str]:
        """The physical ids of what there is, by logical ids."""
        pages = self.account.client("cloudformation").get_paginator("list_stack_resources")
        return {
            each["LogicalResourceId"]: each.get("PhysicalResourceId", "")
            for page in pages.paginate(StackName=self.name)
            for each in page["StackResourceSummaries"]
        }

    @property
    def kinds(self) -> dict[str, str]:
        return {name: each["Type"] for name, each in self.template["Resources"].items()}


def _package() -> bytes:
    """Code that is never run: functions are imported from this checkout."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("functions/__init__.py", "")
    return packed.getvalue()


def known_to_moto(kind: str) -> bool:
    return kind in get_model_map() or kind.startswith("Custom::")


@contextmanager
def account(stand_ins: Mapping[str, type[StandIn]]) -> Iterator[Account]:
    """In which these types are made by stand-ins."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setattr(parsing, "CustomModel", Called)
        for kind, stand_in in stand_ins.items():
            patch.setitem(get_model_map(), kind, stand_in)
        try:
            yield Account(f"http://{host}:{port}")
        finally:
            server.stop()
