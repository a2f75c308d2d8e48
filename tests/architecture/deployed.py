"""The templates as plain data: ``!Ref Name`` is ``{"Ref": "Name"}``, any other ``{"Fn::…": …}``."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.architecture.tree import ROOT

TEMPLATES = ("template.yaml", "stores.yaml")


class _Loader(yaml.SafeLoader):
    pass


def _long(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _long)


@cache
def document(name: str) -> dict[str, Any]:
    text = Path(ROOT / name).read_text()
    told: dict[str, Any] = yaml.load(text, _Loader)
    return told


def resources(kind: str, *names: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Those of a kind, each with its name, of some templates or of all."""
    for template in names or TEMPLATES:
        for name, resource in document(template)["Resources"].items():
            if resource["Type"] == kind:
                yield name, resource


def properties(name: str) -> dict[str, Any]:
    """What the application's template says of one resource."""
    told: dict[str, Any] = document("template.yaml")["Resources"][name]["Properties"]
    return told


def statements(function: str) -> list[dict[str, Any]]:
    """What a function's role allows beside its logs, its queues and its failed events."""
    policies = properties(function).get("Policies", [])
    return [one for policy in policies for one in policy["Statement"]]


def actions(statement: dict[str, Any]) -> set[str]:
    told = statement["Action"]
    return {told} if isinstance(told, str) else set(told)


def fields_of_filter(pattern: str) -> set[str]:
    """What a metric filter wants of a line of JSON."""
    return set(re.findall(r"\$\.(\w+)", pattern))


def parameter_sets() -> list[tuple[str, str, dict[str, str]]]:
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
