"""What is malformed or contradicts itself is refused by the templates, with a sentence."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.architecture.deployed import TEMPLATES, document, parameter_sets

CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/own"
GIVEN = {"BrokerArn": "arn:aws:mq:one", "BrokerSecretArn": "arn:aws:secretsmanager:one"}
"""What whoever deploys says of their own account in any case."""


def _default(name: str) -> str:
    told: str = document("template.yaml")["Parameters"][name]["Default"]
    return told


CONTRADICTIONS = [
    ("template.yaml", {"VpcSubnets": ["subnet-1"]}, "VpcIsWhole"),
    ("template.yaml", {"VpcSecurityGroup": "sg-1"}, "VpcIsWhole"),
    ("template.yaml", {"ApiDomain": "api.luxaris.example"}, "DomainIsWhole"),
    ("template.yaml", {"ApiCertificate": CERTIFICATE}, "DomainIsWhole"),
    ("template.yaml", {"HttpClientAllowPrivate": "true"}, "ProductionReachesNothingPrivate"),
    ("template.yaml", {"SimulatorUrl": "http://there"}, "ProductionReachesNothingPrivate"),
    (
        "template.yaml",
        {"SnapStart": "PublishedVersions", "ApiProvisioned": 1},
        "EitherWarmOrRestored",
    ),
    (
        "template.yaml",
        {"SnapStart": "PublishedVersions", "PublisherProvisioned": 1},
        "EitherWarmOrRestored",
    ),
    *(("template.yaml", {name: _default(name)}, "BrokerIsNamed") for name in GIVEN),
    ("template.yaml", {"ScannerReserved": "1"}, "RoomForThreeScanners"),
    ("template.yaml", {"ScannerReserved": "2"}, "RoomForThreeScanners"),
    ("stores.yaml", {"BrokerMode": "CLUSTER_MULTI_AZ"}, "ClusterIsLarge"),
    ("stores.yaml", {"DatabaseProxy": "yes", "DatabaseFewest": 0}, "ProxyStaysAwake"),
]

AGREEMENTS = [
    ("template.yaml", {"VpcSubnets": ["subnet-1"], "VpcSecurityGroup": "sg-1"}),
    ("template.yaml", {"ApiDomain": "api.luxaris.example", "ApiCertificate": CERTIFICATE}),
    ("template.yaml", {"Environment": "test", "HttpClientAllowPrivate": "true"}),
    ("template.yaml", {"SnapStart": "PublishedVersions"}),
    ("template.yaml", {"ApiProvisioned": 1}),
    ("template.yaml", {"ScannerReserved": "3"}),
    ("stores.yaml", {"BrokerMode": "CLUSTER_MULTI_AZ", "BrokerSize": "mq.m5.large"}),
    ("stores.yaml", {"DatabaseFewest": 0}),
    ("stores.yaml", {"DatabaseProxy": "yes"}),
    *((template, said) for _, template, said in parameter_sets()),
]


KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

MALFORMED = [
    ("DatabaseUrl", "mysql://luxaris@host/luxaris"),
    ("DatabaseUrl", ""),
    ("DatabaseOwnerUrl", "host"),
    ("BrokerUrl", "https://host:5671"),
    ("CacheUrl", "redis://host:6379"),
    ("TokensSecret", "too short"),
    ("EncryptionKeys", KEY),
    ("EncryptionKeys", f"first:{KEY},second:short"),
    ("StorageUrl", "file:///folder"),
    ("FrontendUrl", "https://app.example.com/"),
    ("FrontendUrl", "app.example.com"),
    ("PublicApiUrl", "api.example.com"),
    ("MailUrl", "maildir:///folder"),
    ("MailSender", "Luxaris"),
]

WELL_FORMED = [
    ("DatabaseUrl", "postgresql://luxaris:secret@host:5432/luxaris?sslmode=require"),
    ("DatabaseOwnerUrl", ""),
    ("DatabaseOwnerUrl", "ssm:/luxaris/owner"),
    ("BrokerUrl", "amqps://luxaris:secret@host:5671"),
    ("BrokerUrl", "secretsmanager:arn:aws:secretsmanager:eu-central-1:123456789012:secret:one#url"),
    ("CacheUrl", "memcached://host:11211"),
    ("TokensSecret", "thirty-two characters, or more so"),
    ("TokensSecret", "ssm:/luxaris/tokens"),
    ("EncryptionKeys", f"first:{KEY}"),
    ("EncryptionKeys", f"first:{KEY},second:{KEY}"),
    ("StorageUrl", "s3://luxaris-media"),
    ("FrontendUrl", "http://localhost:3000"),
    ("PublicApiUrl", "https://api.example.com"),
    ("MailUrl", "ses://eu-central-1"),
    ("MailUrl", "smtps://user:password@host:465"),
    ("MailSender", "Luxaris <hello@luxaris.example>"),
]


def _takes(parameter: str, value: str) -> bool:
    pattern = document("template.yaml")["Parameters"][parameter]["AllowedPattern"]
    return re.fullmatch(pattern, value) is not None


@pytest.mark.parametrize(("parameter", "value"), MALFORMED)
def test_what_is_malformed_is_refused(parameter: str, value: str) -> None:
    assert not _takes(parameter, value)


@pytest.mark.parametrize(("parameter", "value"), WELL_FORMED)
def test_what_is_well_formed_is_taken(parameter: str, value: str) -> None:
    assert _takes(parameter, value)


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_has_to_be_given_says_what_it_takes(template: str) -> None:
    """CloudFormation sets the name of the parameter before it."""
    for name, parameter in document(template)["Parameters"].items():
        if "Default" not in parameter:
            assert parameter["AllowedPattern"], name
        if "AllowedPattern" in parameter:
            assert parameter["ConstraintDescription"].startswith("must be "), name
            assert name in dict(MALFORMED), "tried above"


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "Fn::Equals": lambda one, other: str(one) == str(other),
    "Fn::Not": lambda one: not one,
    "Fn::And": lambda *several: all(several),
    "Fn::Or": lambda *several: any(several),
    "Fn::Contains": lambda several, one: one in (several if type(several) is list else [several]),
}


def _value(part: Any, given: dict[str, Any]) -> Any:
    match part:
        case {"Ref": name}:
            return given[name]
        case dict():
            [(name, arguments)] = part.items()
            return _FUNCTIONS[name](*(_value(each, given) for each in arguments))
    return part


def _broken(template: str, parameters: dict[str, Any]) -> dict[str, str]:
    """The rules that do not hold, each with its sentence."""
    told = document(template)
    defaults = {name: each.get("Default", "given") for name, each in told["Parameters"].items()}
    given = {**defaults, **GIVEN, **parameters}
    return {
        name: each["AssertDescription"]
        for name, rule in told["Rules"].items()
        if _value(rule.get("RuleCondition", True), given)
        for each in rule["Assertions"]
        if not _value(each["Assert"], given)
    }


@pytest.mark.parametrize(("template", "parameters", "rule"), CONTRADICTIONS)
def test_what_contradicts_itself_is_refused(
    template: str, parameters: dict[str, Any], rule: str
) -> None:
    broken = _broken(template, parameters)
    assert broken.keys() == {rule}
    assert len(broken[rule].split()) > 5


@pytest.mark.parametrize(("template", "parameters"), AGREEMENTS)
def test_what_agrees_is_taken(template: str, parameters: dict[str, Any]) -> None:
    assert not _broken(template, parameters)


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_rule_is_broken_above(template: str) -> None:
    assert not _broken(template, {})
    assert document(template)["Rules"].keys() == {
        rule for of, _, rule in CONTRADICTIONS if of == template
    }
