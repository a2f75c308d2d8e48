"""What is allowed is what is called, and nothing lies open: derived from templates and code."""

import ast
import re

import pytest

from runner.template import Function
from tests.architecture.cold import reachable
from tests.architecture.deployed import (
    TEMPLATES,
    actions,
    document,
    properties,
    resources,
    statements,
)
from tests.architecture.tree import FUNCTIONS, ROOT

GRANTS = {
    "STORAGE_URL": ("s3", "shared.infrastructure.s3"),
    "MAIL_URL": ("ses", "shared.infrastructure.ses"),
}
"""What a setting leads to: a service of AWS, and the one module that calls it."""

CALLS = {
    "upload_fileobj": {"s3:PutObject", "s3:AbortMultipartUpload"},
    "head_object": {"s3:GetObject", "s3:ListBucket"},
    "get_object": {"s3:GetObject"},
    "copy_object": {"s3:GetObject", "s3:PutObject"},
    "delete_objects": {"s3:DeleteObject"},
    "list_objects_v2": {"s3:ListBucket"},
    "create_multipart_upload": {"s3:PutObject"},
    "list_parts": {"s3:ListMultipartUploadParts"},
    "complete_multipart_upload": {"s3:PutObject"},
    "abort_multipart_upload": {"s3:AbortMultipartUpload"},
    "send_raw_email": {"ses:SendRawEmail"},
}
"""What each call needs, by the service authorization reference. Without `s3:ListBucket` what is
not there answers 403, not 404."""

EVERYWHERE = {"ses:SendRawEmail"}
"""SES asks for the identities of sender and, in its sandbox, of receivers: not known beforehand."""

OPEN_ADDRESSES = {"0.0.0.0/0", "::/0"}


def _called(module: str) -> set[str]:
    """The client's methods a module calls, and the paginators it asks for."""
    tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text())
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="get_paginator"), args=[ast.Constant(value=str(name))]
            ):
                found.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="_client"), attr=name)) if (
                name not in {"get_paginator", "generate_presigned_url"}
            ):
                found.add(name)
    return found


@pytest.mark.parametrize(("service", "module"), GRANTS.values(), ids=GRANTS)
def test_what_is_allowed_is_what_is_called(service: str, module: str) -> None:
    needed = set().union(*(CALLS[name] for name in _called(module)))
    allowed = {
        action
        for function in FUNCTIONS
        for statement in statements(function.name)
        for action in actions(statement)
        if action.startswith(f"{service}:")
    }
    assert allowed == needed


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_may_use_what_its_settings_name_and_nothing_else(function: Function) -> None:
    allowed = {
        action.partition(":")[0]
        for statement in statements(function.name)
        for action in actions(statement)
    }
    granted = {service for name, (service, _) in GRANTS.items() if name in function.environment}
    assert allowed == granted, f"{function.name}: its policies and its settings do not agree"
    modules = reachable(function.module)
    used = {service for service, module in GRANTS.values() if module in modules}
    assert granted <= used, f"{function.name} never comes to use {granted - used}"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_role_names_its_actions_and_what_they_are_for(function: Function) -> None:
    for policy in properties(function.name).get("Policies", []):
        assert isinstance(policy, dict), f"{function.name}: managed policies allow too much"
        assert policy.keys() == {"Statement"}, f"{function.name}: say which actions it needs"
    for statement in statements(function.name):
        assert statement["Effect"] == "Allow"
        assert not [action for action in actions(statement) if "*" in action]
        assert statement["Resource"] != "*" or actions(statement) <= EVERYWHERE


def test_no_bucket_is_public_or_open_to_plain_connections() -> None:
    policies = [each["Properties"] for _, each in resources("AWS::S3::BucketPolicy")]
    for name, bucket in resources("AWS::S3::Bucket"):
        told = bucket["Properties"]
        closed = told["PublicAccessBlockConfiguration"]
        assert len(closed) == 4, name
        assert set(closed.values()) == {True}, name
        assert told["BucketEncryption"], name
        assert told["LifecycleConfiguration"], name
        [policy] = [each for each in policies if each["Bucket"] == {"Ref": name}]
        [denied] = policy["PolicyDocument"]["Statement"]
        assert denied["Effect"] == "Deny"
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_what_is_stored_is_encrypted_and_outlives_the_stack() -> None:
    for kind, encrypted in {
        "AWS::S3::Bucket": "BucketEncryption",
        "AWS::SQS::Queue": "SqsManagedSseEnabled",
        "AWS::RDS::DBCluster": "StorageEncrypted",
    }.items():
        found = dict(resources(kind))
        assert found, kind
        for name, resource in found.items():
            assert resource["Properties"][encrypted], name
            assert resource["DeletionPolicy"] in {"Retain", "Snapshot"}, name
            assert resource["UpdateReplacePolicy"] == resource["DeletionPolicy"], name


def test_logs_end_and_outlive_the_stack() -> None:
    for name, group in resources("AWS::Logs::LogGroup"):
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogDays"}, name
        assert group["DeletionPolicy"] == "Retain", name


def test_no_store_is_reached_from_outside() -> None:
    for kind in ("AWS::RDS::DBInstance", "AWS::AmazonMQ::Broker"):
        for name, each in resources(kind):
            assert each["Properties"]["PubliclyAccessible"] is False, name
    for name, group in resources("AWS::EC2::SecurityGroup"):
        for rule in group["Properties"].get("SecurityGroupIngress", []):
            assert "SourceSecurityGroupId" in rule, name
            assert rule.get("CidrIp") not in OPEN_ADDRESSES, name


def test_secrets_are_not_echoed_or_given_defaults() -> None:
    for template in TEMPLATES:
        for name, parameter in document(template)["Parameters"].items():
            if re.search(r"Secret$|Password$|Keys?$|^(Database|Broker|Mail)Url$", name):
                assert parameter.get("NoEcho") is True, name
                assert not parameter.get("Default"), name
