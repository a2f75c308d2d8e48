"""Mail through outages and SIGKILL: it arrives, once unless the world ended at the worst moment."""

import time
from collections.abc import Callable
from mailbox import Maildir
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from sqlalchemy import text

from runner.services.processes import free_port
from runner.services.rabbitmq import rabbitmq
from shared.infrastructure.database import engine
from tests.accounts import register
from tests.faults.test_kill_runner import running, wait_until
from tests.faults.wire import Wire
from tests.outbox import let_backoff_pass, rows
from tests.running import Runner

PATIENCE = 90
"""Seconds until the relay's timer has come, and more."""


@pytest.fixture
def box(tmp_path: Path) -> Maildir:
    return Maildir(tmp_path / "box", create=True)


@pytest.fixture
def settings(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return {**environment, "MAIL_URL": f"maildir://{tmp_path}/box", "ENVIRONMENT": "development"}


def welcomes(box: Maildir) -> int:
    return len([mail for mail in box if mail["To"] == "ada@example.com"])


def all_done() -> bool:
    return bool(rows()) and all(row.state == "done" for row in rows())


def sign_ups() -> int:
    with engine().connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM audit_logs")) or 0


def timed(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


@pytest.mark.usefixtures("database")
def test_a_welcome_leaves_within_seconds(
    tmp_path: Path, settings: dict[str, str], box: Maildir
) -> None:
    with running(tmp_path, settings) as runner:
        register(runner.api, "ada@example.com")
        assert timed(lambda: wait_until(lambda: welcomes(box) == 1, "the welcome")) < 5
        wait_until(all_done, "all recorded")
        assert sign_ups() == 1


@pytest.mark.usefixtures("database")
def test_broker_down_at_sign_up_then_up_again(
    tmp_path: Path, settings: dict[str, str], box: Maildir
) -> None:
    port = free_port()
    broker = f"amqp://guest:guest@127.0.0.1:{port}/%2F"
    with running(tmp_path, settings, BROKER_URL=broker) as runner:
        assert timed(lambda: register(runner.api, "ada@example.com")) < 3
        assert welcomes(box) == 0
        assert {row.state for row in rows()} == {"waiting"}
        folder = tmp_path / "broker"
        with rabbitmq(folder, port=port):
            wait_until(lambda: welcomes(box) == 1, "the welcome", seconds=PATIENCE)
            wait_until(all_done, "all recorded")
    assert sign_ups() == 1


@pytest.mark.usefixtures("database")
def test_killed_between_commit_and_send(
    tmp_path: Path, settings: dict[str, str], box: Maildir
) -> None:
    broker = urlsplit(settings["BROKER_URL"])
    assert broker.port is not None
    wire = Wire(broker.port, word=b'"ids"')
    swallowed = settings["BROKER_URL"].replace(f":{broker.port}/", f":{wire.port}/")
    with running(tmp_path, settings, BROKER_URL=swallowed) as runner:
        register(runner.api, "ada@example.com")
        wait_until(lambda: any(row.attempts for row in rows()), "claimed", seconds=PATIENCE)
        runner.kill()
    wire.cut()
    assert welcomes(box) == 0
    let_backoff_pass()
    with running(tmp_path, settings):
        wait_until(lambda: welcomes(box) == 1, "the welcome", seconds=PATIENCE)
        wait_until(all_done, "all recorded")
    assert (welcomes(box), sign_ups()) == (1, 1)


@pytest.mark.usefixtures("database")
def test_killed_between_sending_and_recording(
    tmp_path: Path, settings: dict[str, str], box: Maildir
) -> None:
    """The one moment at which a mail is sent twice; both have one Message-ID."""
    with running(tmp_path, settings) as runner:
        register(runner.api, "first@example.com")
        wait_until(all_done, "the runner is warm")
        with engine().begin() as recording:
            # Only what takes a message may pass; whoever records its end waits here.
            recording.execute(
                text(
                    "CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                    " IF NEW.state = 'done' THEN PERFORM pg_sleep(60); END IF; RETURN NEW; END $$"
                )
            )
            recording.execute(
                text(
                    "CREATE TRIGGER wait_here BEFORE UPDATE ON outbox_messages"
                    " FOR EACH ROW EXECUTE FUNCTION wait_here()"
                )
            )
        try:
            register(runner.api, "ada@example.com")
            wait_until(lambda: welcomes(box) == 1, "sent and not recorded")
            runner.kill()
        finally:
            _let_go()
    let_backoff_pass()
    with running(tmp_path, settings):
        wait_until(all_done, "all recorded", seconds=PATIENCE)
    ids = [mail["Message-ID"] for mail in box if mail["To"] == "ada@example.com"]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert sign_ups() == 2


def _let_go() -> None:
    with engine().begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE wait_event = 'PgSleep'"
            )
        )
        connection.execute(text("DROP TRIGGER wait_here ON outbox_messages"))
        connection.execute(text("DROP FUNCTION wait_here"))


@pytest.mark.usefixtures("database")
def test_the_mailbox_shows_what_came(tmp_path: Path, settings: dict[str, str]) -> None:
    with running(tmp_path, settings) as runner:
        register(runner.api, "ada@example.com")
        wait_until(lambda: "ada@example.com" in _page(runner, "/dev/mailbox"), "the mail listed")
    production = {**settings, "ENVIRONMENT": "production"}
    with running(tmp_path, production) as runner:
        assert "ROUTE_NOT_FOUND" in _page(runner, "/dev/mailbox")


def _page(runner: Runner, path: str) -> str:
    try:
        with urlopen(f"http://127.0.0.1:{runner.port}{path}", timeout=10) as answer:
            return str(answer.read().decode())
    except HTTPError as error:
        with error:
            return str(error.read().decode())
