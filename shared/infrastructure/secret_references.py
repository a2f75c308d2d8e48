"""Values of settings that are kept elsewhere: in Secrets Manager, or in SSM's Parameter Store.

``secretsmanager:arn:aws:secretsmanager:eu-central-1:…:secret:name`` is the secret, and with
``#password`` behind it one entry of the JSON in it; ``ssm:/path`` is a parameter, decrypted.
"""

import json
from functools import cache
from typing import Any

_KINDS = ("secretsmanager:", "ssm:")


class UnresolvedReference(Exception):
    """It cannot be read; says of what kind it is and why, never what was read."""


def is_reference(text: str) -> bool:
    return text.startswith(_KINDS)


@cache
def resolved(reference: str) -> str:
    """Asked for once a container: what is rotated is known to the next one.

    Raises:
        UnresolvedReference: there is no such secret, or it may not be read.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    kind, _, name = reference.partition(":")
    try:
        if kind == "ssm":
            return str(_parameter(boto3, name))
        return _secret(boto3, name)
    except ClientError as error:
        raise UnresolvedReference(f"{kind}: {error.response['Error']['Code']}") from error
    except BotoCoreError as error:
        raise UnresolvedReference(f"{kind}: {type(error).__name__}") from error


def _parameter(boto3: Any, name: str) -> Any:
    found = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)
    return found["Parameter"]["Value"]


def _secret(boto3: Any, name: str) -> str:
    arn, _, entry = name.partition("#")
    region = arn.split(":")[3] if arn.startswith("arn:") else None
    client = boto3.client("secretsmanager", region_name=region)
    kept = str(client.get_secret_value(SecretId=arn)["SecretString"])
    if not entry:
        return kept
    try:
        return str(json.loads(kept)[entry])
    except (ValueError, KeyError, TypeError):
        raise UnresolvedReference("secretsmanager: there is no such entry in it") from None
