"""A secret that was typed is found nowhere: not in an answer, a log, an error or the database."""

import json
import logging

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.functions.channels.instance import Instance, account, connect
from tests.refresher import credentials_of, make_renewal_due, tick
from tests.simulator.client import Simulator

SECRET = "planted-secret-4711"


def row_as_bytes() -> bytes:
    with engine().connect() as database:
        row = database.execute(text("SELECT * FROM channel_connections")).mappings().one()
        shown = database.scalar(text("SELECT channel_connections::text FROM channel_connections"))
    return str(shown).encode() + b"".join(
        value if isinstance(value, bytes) else str(value).encode() for value in row.values()
    )


@pytest.fixture
def planted(owner: Account, instance: Instance) -> Instance:
    # Importing a function replaces the log's handlers: it must be done before a test listens.
    assert owner.api.get("/channels").status == 200
    instance.accounts[SECRET] = account()
    return instance


def test_it_is_in_no_answer_and_no_log(
    owner: Account, planted: Instance, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    connected = connect(owner.api, planted, SECRET)
    path = f"/channels/connections/{connected.json['id']}"
    answers = [
        connected,
        connect(owner.api, planted, SECRET),
        owner.api.get("/channels/connections"),
        owner.api.get(path),
        owner.api.post(f"{path}/test"),
    ]
    planted.instead = (401, json.dumps({"error": f"{SECRET}?"}).encode())
    answers += [owner.api.post(f"{path}/test"), owner.api.get(path)]
    planted.instead = (200, json.dumps({"id": SECRET}).encode())
    answers += [connect(owner.api, planted, SECRET), owner.api.delete(path)]
    assert sorted(answer.status for answer in answers) == [200] * 6 + [201, 409, 503]
    assert not [answer for answer in answers if SECRET.encode() in answer.content]
    assert caplog.records
    assert SECRET not in caplog.text
    assert not [record for record in caplog.records if SECRET in str(vars(record))]


def test_it_is_not_in_the_database(owner: Account, planted: Instance) -> None:
    assert connect(owner.api, planted, SECRET).status == 201
    row = row_as_bytes()
    assert b"@ada@social.example" in row
    assert SECRET.encode() not in row
    assert SECRET.encode().hex().encode() not in row


def test_it_is_in_no_error_about_what_was_typed(
    owner: Account, planted: Instance, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [
        owner.api.post("/channels/connect", {"channel_id": "mastodon", "credentials": typed})
        for typed in (
            {"access_token": SECRET},
            {"instance": planted.url, "access_token": f"{SECRET}\0"},
            {"instance": planted.url, "access_token": SECRET * 500},
            {"instance": planted.url, "access_token": [SECRET]},
            {"instance": planted.url, "access_token": SECRET, "more": SECRET},
            {"instance": "http://127.0.0.1:1", "access_token": SECRET},
            SECRET,
        )
    ]
    answers += [
        owner.api.request("POST", "/channels/connect", content=f'{{"a": "{SECRET}"'.encode())
    ]
    assert sorted(answer.status for answer in answers) == [400] * 7 + [503]
    assert not [answer for answer in answers if SECRET.encode() in answer.content]
    assert SECRET not in caplog.text


def test_the_key_that_sealed_it_is_named(owner: Account, planted: Instance) -> None:
    connect(owner.api, planted, SECRET)
    with engine().connect() as database:
        key_id = database.scalar(text("SELECT credentials_key_id FROM channel_connections"))
    assert key_id == "test"


def test_neither_are_the_tokens_that_are_renewed(
    owner: Account, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    fields = simulator.account("bluesky")
    body = {"channel_id": "bluesky", "credentials": fields}
    answers = [owner.api.post("/channels/connect", body)]
    path = f"/channels/connections/{answers[0].json['id']}"
    secrets = {fields["app_password"], *tokens_of(path)}
    caplog.set_level(logging.DEBUG)
    make_renewal_due()
    assert tick()["renewed"] == 1
    answers.append(owner.api.post(f"{path}/refresh"))
    secrets |= tokens_of(path)
    for kind in ("refuse", "expired_token", "malformed", "permission"):
        simulator.fail("bluesky", kind, call="session", times=2)
        answers += [owner.api.post(f"{path}/refresh"), owner.api.get(path)]
        simulator.forgive()
    make_renewal_due()
    tick()
    answers.append(owner.api.post(f"{path}/refresh"))
    secrets |= tokens_of(path)
    assert len(secrets) == 7
    assert caplog.records
    for secret in secrets:
        assert not [answer for answer in answers if secret.encode() in answer.content]
        assert not [record for record in caplog.records if secret in str(vars(record))]
        assert secret.encode() not in row_as_bytes()


def tokens_of(path: str) -> set[str]:
    credentials = credentials_of(path.rpartition("/")[2])
    return {credentials["access_token"], credentials["refresh_token"]}
