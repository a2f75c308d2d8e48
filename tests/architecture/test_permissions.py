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
from tests.architecture.store_calls import client_calls, store_calls
from tests.architecture.tree import FUNCTIONS, ROOT, parsed

GRANTS = {
    "STORAGE_URL": ("s3", "shared.infrastructure.s3"),
    "MAIL_URL": ("ses", "shared.infrastructure.ses"),
}
"""What a setting leads to: a service of AWS, and the one module that calls it."""

CALLS = {
    "head_bucket": {"s3:ListBucket"},
    "upload_fileobj": {"s3:PutObject", "s3:AbortMultipartUpload"},
    "head_object": {"s3:GetObject", "s3:ListBucket"},
    "get_object": {"s3:GetObject", "s3:ListBucket"},
    "copy_object": {"s3:GetObject", "s3:PutObject", "s3:ListBucket"},
    "delete_objects": {"s3:DeleteObject"},
    "list_objects_v2": {"s3:ListBucket"},
    "create_multipart_upload": {"s3:PutObject"},
    "list_parts": {"s3:ListMultipartUploadParts"},
    "complete_multipart_upload": {"s3:PutObject"},
    "abort_multipart_upload": {"s3:AbortMultipartUpload"},
    "send_raw_email": {"ses:SendRawEmail"},
    "get_secret_value": {"secretsmanager:GetSecretValue"},
    "get_parameter": {"ssm:GetParameter"},
}
"""What each call needs, by the service authorization reference. Without `s3:ListBucket` what is
not there answers 403, not 404."""

SIGNED = {
    "get_address": {"s3:GetObject"},
    "put_address": {"s3:PutObject"},
    "part_address": {"s3:PutObject"},
}
"""What whoever is handed an address of ours does with our leave; any refusal is one to them."""

EVERYWHERE = {"ses:SendRawEmail"}
"""SES asks for the identities of sender and, in its sandbox, of receivers: not known beforehand."""

OPEN_ADDRESSES = {"0.0.0.0/0", "::/0"}


def _allowed(function: Function) -> set[str]:
    return {action for statement in statements(function.name) for action in actions(statement)}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_what_a_function_is_allowed_at_the_bucket_is_what_it_comes_to_call(
    function: Function,
) -> None:
    granted = {action for action in _allowed(function) if action.startswith("s3:")}
    if "STORAGE_URL" not in function.environment:
        assert not granted
        return
    made, handed_out = store_calls(function)
    needed = [CALLS[call] for call in made] + [SIGNED[address] for address in handed_out]
    assert granted == set().union(*needed)


def test_what_is_allowed_at_ses_is_what_is_called() -> None:
    granted = {
        action
        for function in FUNCTIONS
        for action in _allowed(function)
        if action.startswith("ses:")
    }
    called = client_calls(parsed(ROOT / "shared/infrastructure/ses.py"))
    assert granted == set().union(*(CALLS[call] for call in called))


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_may_use_what_its_settings_name_and_nothing_else(function: Function) -> None:
    allowed = {action.partition(":")[0] for action in _allowed(function)}
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


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_role_is_shared_where_its_statements_would_be_the_same(function: Function) -> None:
    """SAM makes any other function a role of its own, with what its triggers need as well."""
    own = properties(function.name)
    is_plain = bool(function.of_kind("HttpApi")) and "Policies" not in own
    assert own.get("Role") == ({"Fn::GetAtt": "ApiRole.Arn"} if is_plain else None)


def test_every_role_may_read_the_secrets_that_settings_refer_to() -> None:
    own = {f"{each.name}Role" for each in FUNCTIONS if "Role" not in properties(each.name)}
    policy = properties("SecretsPolicy")
    assert {each["Ref"] for each in policy["Roles"]} == own | {"ApiRole"}
    [statement] = policy["PolicyDocument"]["Statement"]
    reader = ast.walk(parsed(ROOT / "shared/infrastructure/secret_references.py"))
    called = {node.attr for node in reader if isinstance(node, ast.Attribute)} & CALLS.keys()
    assert actions(statement) == set().union(*(CALLS[name] for name in called))
    assert statement["Resource"] == {"Ref": "SecretArns"}


def test_no_secrets_are_read_where_none_are_named() -> None:
    """Whatever the list says is taken for a name, but for nothing."""
    assert document("template.yaml")["Parameters"]["SecretArns"]["Default"] == ""
    listed = {"Fn::Join": ["", {"Ref": "SecretArns"}]}
    reads = document("template.yaml")["Conditions"]["ReadsSecrets"]
    assert reads == {"Fn::Not": [{"Fn::Equals": [listed, ""]}]}


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
            assert resource["UpdateReplacePolicy"] in {"Retain", "Snapshot"}, name
            once_made = resource["DeletionPolicy"].removesuffix("ExceptOnCreate")
            assert once_made == resource["UpdateReplacePolicy"], name


NAMED = {
    "AWS::S3::Bucket": "BucketName",
    "AWS::SES::EmailIdentity": "EmailIdentity",
    "AWS::SecretsManager::Secret": "Name",
}
"""Of what kinds there is only one of a name."""


@pytest.mark.parametrize("kind", NAMED)
def test_what_a_first_deployment_leaves_behind_does_not_stop_the_second(kind: str) -> None:
    """Kept with a name of its own, it would be in the way of the one that is to be made."""
    found = dict(resources(kind))
    assert found
    for name, resource in found.items():
        assert resource["Properties"][NAMED[kind]], name
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate", name


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
