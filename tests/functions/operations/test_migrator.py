"""The migrator as CloudFormation calls it: who asks waits at an address, and is told why not."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import uuid4

import pika
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, inspect, text

from functions.operations.migrator import handler
from migrations.upgrade import configuration, reached
from tests import container
from tests.architecture.tree import ROOT
from tests.custom_resource import SAMPLE, Waiting, cloudformation
from tests.scratch_database import scratch_database, settings_of

HEAD = str(ScriptDirectory.from_config(configuration()).get_current_head())
CALL = "import json, sys; from functions.operations.migrator import handler; "
CALL += "handler(json.load(sys.stdin), None)"


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    with cloudformation() as address:
        yield address


@pytest.fixture
def empty(server: URL) -> Iterator[Engine]:
    with scratch_database(server, "migrator") as database, settings_of(database):
        yield database


def test_an_empty_database_gets_its_tables(waiting: Waiting, empty: Engine) -> None:
    told = waiting.ask(handler)
    assert told == {
        "Status": "SUCCESS",
        "PhysicalResourceId": SAMPLE["LogicalResourceId"],
        "StackId": SAMPLE["StackId"],
        "RequestId": SAMPLE["RequestId"],
        "LogicalResourceId": SAMPLE["LogicalResourceId"],
        "Data": {"Revision": HEAD},
    }
    assert inspect(empty).has_table("schedules")


def test_a_second_deployment_finds_nothing_to_do(waiting: Waiting, empty: Engine) -> None:
    assert waiting.ask(handler, "Create") == waiting.ask(handler, "Update")


def test_two_at_once_wait_for_each_other(waiting: Waiting, empty: Engine) -> None:
    call = partial(subprocess.run, [sys.executable, "-c", CALL], cwd=ROOT, text=True, check=True)
    events = [json.dumps(waiting.event()) for _ in range(2)]
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda event: call(input=event), events))
    assert [(each["Status"], each["Data"]) for each in waiting.told] == [
        ("SUCCESS", {"Revision": HEAD})
    ] * 2


def test_what_cannot_be_migrated_fails_the_deployment_and_says_why(
    waiting: Waiting, empty: Engine
) -> None:
    """Nothing of the migration that failed is left."""
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE posts (id int)"))
    told = waiting.ask(handler)
    assert told["Status"] == "FAILED"
    assert 'relation "posts" already exists' in told["Reason"]
    assert reached() == "0002"
    assert not inspect(empty).has_table("post_variants")


def test_a_database_that_is_away_fails_the_deployment(
    waiting: Waiting, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    away = "postgresql://luxaris:s3cr3t@127.0.0.1:1/luxaris"
    monkeypatch.setenv("DATABASE_OWNER_URL", away)
    told = waiting.ask(handler)
    assert told["Status"] == "FAILED"
    assert "127.0.0.1" in told["Reason"]
    assert "s3cr3t" not in json.dumps(told)


def test_queues_are_there_before_anybody_sends(
    waiting: Waiting, empty: Engine, environment: dict[str, str]
) -> None:
    """With one beside each for what nobody can read."""
    queue = f"test.{uuid4()}"
    there = pika.URLParameters(environment["BROKER_URL"])
    with pika.BlockingConnection(there) as connection:
        for _ in range(2):
            assert waiting.ask(handler, queues=[queue])["Status"] == "SUCCESS"
        channel = connection.channel()
        for name in (queue, f"{queue}.dead"):
            channel.queue_declare(name, passive=True)
            channel.queue_delete(name)


def test_a_broker_that_is_away_fails_the_deployment_before_the_schema_is_changed(
    waiting: Waiting, empty: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROKER_URL", "amqp://luxaris:s3cr3t@127.0.0.1:1/%2F")
    with container.of_its_own():
        told = waiting.ask(handler, queues=["publishing.wake"])
    assert told["Status"] == "FAILED"
    assert "The message broker cannot be reached" in told["Reason"]
    assert not inspect(empty).has_table("schedules")


def test_going_back_leaves_a_newer_schema_as_it_is(waiting: Waiting, empty: Engine) -> None:
    waiting.ask(handler)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert waiting.ask(handler, "Update")["Data"] == {"Revision": "9999"}


def test_tables_outlive_the_stack(waiting: Waiting, empty: Engine) -> None:
    waiting.ask(handler)
    assert waiting.ask(handler, "Delete")["Status"] == "SUCCESS"
    assert inspect(empty).has_table("schedules")


def test_the_schema_is_changed_as_its_owner(waiting: Waiting, empty: Engine) -> None:
    owner = empty.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_OWNER_URL", owner)
        patch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
        assert waiting.ask(handler)["Status"] == "SUCCESS"


def test_who_was_not_heard_is_called_again(waiting: Waiting, empty: Engine) -> None:
    """So that Lambda repeats the invocation; nothing is then left to do but to answer."""
    gone = {**waiting.event(), "ResponseURL": "http://127.0.0.1:1/"}
    with pytest.raises(OSError, match="refused"):
        handler(gone, None)
    assert waiting.ask(handler)["Data"] == {"Revision": HEAD}
