"""A password that is changed while a container lives, and a proxy that takes no options."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from shared.infrastructure.database import engine, transaction
from shared.infrastructure.secret_references import resolved
from shared.kernel.errors import Unavailable
from tests.integration.infrastructure.gatekeeper import Gatekeeper, gatekeeper

REGION = "eu-central-1"


@pytest.fixture
def gate(
    environment: dict[str, str], own_engine: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Gatekeeper]:
    url = make_url(environment["DATABASE_URL"])
    [place] = Path(str(url.query["host"])).glob(".s.PGSQL.*[0-9]")
    with gatekeeper(str(place), "first") as keeper:
        through = url.set(host="127.0.0.1", port=keeper.port, password=None).set(
            query={"sslmode": "disable", "gssencmode": "disable"}
        )
        monkeypatch.setenv("DATABASE_URL", through.render_as_string(hide_password=False))
        yield keeper


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    resolved.cache_clear()
    with mock_aws():
        client = boto3.client("secretsmanager", region_name=REGION)
        arn = client.create_secret(Name="database", SecretString=_kept("first"))["ARN"]
        monkeypatch.setenv("DATABASE_PASSWORD", f"secretsmanager:{arn}#password")
        yield str(arn)
    resolved.cache_clear()


def _kept(password: str) -> str:
    return json.dumps({"username": "luxaris", "password": password})


def _rotate(secret: str, password: str) -> None:
    client = boto3.client("secretsmanager", region_name=REGION)
    client.put_secret_value(SecretId=secret, SecretString=_kept(password))


def _ask() -> None:
    with transaction() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_a_password_is_read_again_when_it_is_refused(gate: Gatekeeper, secret: str) -> None:
    _ask()
    gate.password = "second"
    _rotate(secret, "second")
    _ask()
    assert gate.asked == 1, "a connection that is open stays open"
    engine().dispose()
    _ask()
    assert gate.asked == 3


def test_a_wrong_password_is_tried_once(gate: Gatekeeper, secret: str) -> None:
    gate.password = "other"
    with pytest.raises(Unavailable):
        _ask()
    assert gate.asked == 1


def test_a_password_that_is_wrong_even_now_is_no_more_than_unavailable(
    gate: Gatekeeper, secret: str
) -> None:
    _ask()
    gate.password = "third"
    _rotate(secret, "second")
    engine().dispose()
    with pytest.raises(Unavailable):
        _ask()
    assert gate.asked == 3


def test_an_error_shows_no_password(gate: Gatekeeper, secret: str) -> None:
    gate.password = "other"
    with pytest.raises(OperationalError) as told:
        engine().connect()
    assert "first" not in str(told.value)


@pytest.mark.parametrize(("proxied", "waits"), [("false", "5s"), ("true", "0")])
def test_a_proxy_is_sent_no_options(
    own_engine: None, monkeypatch: pytest.MonkeyPatch, proxied: str, waits: str
) -> None:
    monkeypatch.setenv("DATABASE_PROXIED", proxied)
    with engine().connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == waits


def test_through_a_proxy_no_statement_is_prepared(
    own_engine: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_PROXIED", "true")
    with engine().connect() as connection:
        for _ in range(10):
            connection.execute(text("SELECT 7"))
        assert connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0
