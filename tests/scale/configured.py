"""What the templates and samconfig.toml deploy, by size."""

import tomllib
from collections.abc import Mapping
from functools import cache

from tests.architecture.deployed import document
from tests.architecture.tree import ROOT

SIZES = ("small", "standard", "large")


@cache
def overrides(environment: str) -> Mapping[str, str]:
    """What `sam deploy --config-env` says, over the template's defaults."""
    told = tomllib.loads((ROOT / "samconfig.toml").read_text())
    listed = told[environment]["deploy"]["parameters"]["parameter_overrides"]
    return dict(each.split("=", 1) for each in listed)


@cache
def stores(size: str) -> Mapping[str, str]:
    """The parameters of stores.yaml for a size."""
    declared = document("stores.yaml")["Parameters"]
    defaults = {name: str(each["Default"]) for name, each in declared.items()}
    return {**defaults, **overrides(f"stores-{size}")}


def number(template: str, kind: str) -> int:
    resources = document(template)["Resources"].values()
    return sum(each["Type"] == kind for each in resources)


def interface_endpoints(size: str) -> int:
    """Billed by the hour for each zone that they stand in."""
    conditions = {"HasNoNat": not has_nat(size)}
    return sum(
        len(each["Properties"]["SubnetIds"])
        for each in document("stores.yaml")["Resources"].values()
        if each["Type"] == "AWS::EC2::VPCEndpoint"
        and each["Properties"]["VpcEndpointType"] == "Interface"
        and ("Condition" not in each or conditions[each["Condition"]])
    )


def secrets() -> int:
    """The stores' own: those they declare, and one for each password that RDS looks after."""
    resources = document("stores.yaml")["Resources"].values()
    managed = sum(
        each.get("Properties", {}).get("ManageMasterUserPassword") is True for each in resources
    )
    return number("stores.yaml", "AWS::SecretsManager::Secret") + managed


def has_nat(size: str) -> bool:
    return stores(size)["Nat"] == "yes"


def memory_mb() -> int:
    """Of every function that publishes, ticks or answers."""
    return int(document("template.yaml")["Globals"]["Function"]["MemorySize"])
