"""What stands for resources that moto knows nothing of: named, and with attributes of any name.

CloudFormation's own work is still done on them: references are resolved, conditions looked at.
"""

from importlib import import_module
from typing import Any

from moto.awslambda.utils import get_backend
from moto.core.common_models import CloudFormationModel
from moto.ec2.models import ec2_backends

from tests.custom_resource import cloudformation


class StandIn(CloudFormationModel):
    def __init__(self, logical_id: str, properties: dict[str, Any], physical_id: str) -> None:
        self.logical_id, self.properties = logical_id, properties
        self._physical_id = physical_id

    @property
    def physical_resource_id(self) -> str:
        return self._physical_id

    @staticmethod
    def cloudformation_type() -> str:
        return "any"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **of: Any,
    ) -> "StandIn":
        properties = cloudformation_json.get("Properties", {})
        physical_id = cls._create(of["LogicalId"], properties, account_id, region_name)
        return cls(of["LogicalId"], properties, physical_id)

    @classmethod
    def _create(
        cls, logical_id: str, _properties: dict[str, Any], _account_id: str, _region_name: str
    ) -> str:
        return logical_id

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> Any:
        said = f"{self.logical_id}.{attribute_name}"
        return [said] if attribute_name.endswith("Endpoints") else said


class Version(StandIn):
    """Which moto publishes, but knows no ARN of where a template refers to it."""

    @classmethod
    def _create(
        cls, logical_id: str, properties: dict[str, Any], account_id: str, region_name: str
    ) -> str:
        published = get_backend(account_id, region_name).publish_version(properties["FunctionName"])
        assert published is not None
        return str(published.function_arn)

    def get_cfn_attribute(self, attribute_name: str) -> Any:
        assert attribute_name == "Version"
        return self.physical_resource_id.rpartition(":")[2]


class Alias(StandIn):
    """Which moto has, but not in templates."""

    @classmethod
    def _create(
        cls, logical_id: str, properties: dict[str, Any], account_id: str, region_name: str
    ) -> str:
        made = get_backend(account_id, region_name).create_alias(
            name=properties["Name"],
            function_name=properties["FunctionName"],
            function_version=properties["FunctionVersion"],
            description="",
            routing_config="",
        )
        return str(made.arn)


class WayOut(StandIn):
    """An egress-only gateway, which moto's routes look for."""

    @classmethod
    def _create(
        cls, logical_id: str, properties: dict[str, Any], account_id: str, region_name: str
    ) -> str:
        backend = ec2_backends[account_id][region_name]
        made = backend.create_egress_only_internet_gateway(vpc_id=properties["VpcId"])
        return str(made.id)


class Called(StandIn):
    """A custom resource, made by the function it names; moto would run that in a container."""

    @classmethod
    def _create(
        cls, logical_id: str, properties: dict[str, Any], account_id: str, region_name: str
    ) -> str:
        function = get_backend(account_id, region_name).get_function(properties["ServiceToken"])
        module, _, name = str(function.handler).rpartition(".")
        with cloudformation() as waiting:
            told = waiting.ask(getattr(import_module(module), name), queues=properties["Queues"])
        assert told["Status"] == "SUCCESS", told["Reason"]
        properties["Told"] = told["Data"]
        return logical_id

    def get_cfn_attribute(self, attribute_name: str) -> Any:
        return self.properties["Told"][attribute_name]
