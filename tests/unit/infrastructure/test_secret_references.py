"""A setting that is kept elsewhere is read there, once, and never told."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import boto3
import pytest
from moto import mock_aws

from shared.infrastructure.secret_references import resolved
from shared.infrastructure.settings import InvalidSetting, Settings

REGION = "eu-central-1"


@dataclass(frozen=True, kw_only=True)
class VaultSettings(Settings):
    url: str = field(repr=False)
    size: int = 1


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    resolved.cache_clear()
    with mock_aws():
        yield
    resolved.cache_clear()


def _secret(text: str) -> str:
    client = boto3.client("secretsmanager", region_name=REGION)
    arn: str = client.create_secret(Name="database", SecretString=text)["ARN"]
    return arn


def test_a_secret_is_read_by_its_arn() -> None:
    arn = _secret("postgresql://there")
    assert VaultSettings.read({"VAULT_URL": f"secretsmanager:{arn}"}).url == "postgresql://there"


def test_an_entry_of_a_secret_is_read_by_its_name() -> None:
    arn = _secret(json.dumps({"url": "postgresql://there", "size": 4}))
    read = VaultSettings.read(
        {"VAULT_URL": f"secretsmanager:{arn}#url", "VAULT_SIZE": f"secretsmanager:{arn}#size"}
    )
    assert (read.url, read.size) == ("postgresql://there", 4)


def test_a_parameter_is_read_decrypted() -> None:
    boto3.client("ssm").put_parameter(Name="/luxaris/url", Value="kept", Type="SecureString")
    assert VaultSettings.read({"VAULT_URL": "ssm:/luxaris/url"}).url == "kept"


def test_it_is_read_once_a_container() -> None:
    arn = _secret("first")
    first = VaultSettings.read({"VAULT_URL": f"secretsmanager:{arn}"})
    client = boto3.client("secretsmanager", region_name=REGION)
    client.put_secret_value(SecretId=arn, SecretString="second")
    assert VaultSettings.read({"VAULT_URL": f"secretsmanager:{arn}"}) == first


@pytest.mark.parametrize(
    "reference",
    [
        "ssm:/nobody/has/it",
        "secretsmanager:arn:aws:secretsmanager:eu-central-1:123456789012:secret:none-AbCdEf",
        "secretsmanager:none",
    ],
)
def test_what_is_not_there_is_told_by_the_settings_name(reference: str) -> None:
    with pytest.raises(InvalidSetting, match="VAULT_URL refers to what cannot be read"):
        VaultSettings.read({"VAULT_URL": reference})


@pytest.mark.parametrize("kept", ["no JSON, hunter2", '{"password": "hunter2"}', '["hunter2"]'])
def test_what_was_read_is_never_told(kept: str) -> None:
    arn = _secret(kept)
    with pytest.raises(InvalidSetting) as raised:
        VaultSettings.read({"VAULT_URL": f"secretsmanager:{arn}#url"})
    assert "hunter2" not in str(raised.value) + str(raised.value.__cause__)


def test_nobody_who_refers_to_nothing_pays_for_it() -> None:
    code = (
        "import sys, os; os.environ['ENVIRONMENT'] = 'test';"
        "from shared.infrastructure.encryption import EncryptionSettings;"
        "from shared.infrastructure.database import DatabaseSettings;"
        "DatabaseSettings.read({'DATABASE_URL': 'postgresql://there'});"
        "sys.exit('boto3' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
