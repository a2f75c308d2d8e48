"""``up`` with the embedded services: what it answers, and that it leaves nothing behind."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from runner.folder import locked
from shared.infrastructure.folder_storage import FolderStorage
from shared.infrastructure.security_headers import HEADERS
from tests.integration.runner.processes import SMALL, Up, processes_using, run, start

StartUp = Callable[..., Up]
POLICY = HEADERS["Content-Security-Policy"]
EMBEDDED = ("--services", "embedded")


def test_serves_ticks_consumes_and_leaves_nothing(up: StartUp, data: Path) -> None:
    journal = data.parent / "journal.jsonl"
    runner = up(*EMBEDDED, "--journal", journal)

    status, headers, body = runner.request(
        "POST", "/api/v1/echo/a%20b?x=1&x=2", b'{"a": 1}', {"Content-Type": "application/json"}
    )
    seen = json.loads(body)
    assert status == 200
    assert headers["content-type"] == "application/json"
    assert (seen["method"], seen["rest"], seen["query"]) == ("POST", "a b", "x=1&x=2")
    assert (seen["client"], seen["scheme"], seen["body"]) == ("127.0.0.1", "http", '{"a": 1}')

    status, headers, body = runner.request("HEAD", "/api/v1/echo/x")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 0

    status, _, body = runner.request("GET", "/nowhere", None, {"X-Request-ID": "mine"})
    assert status == 404
    assert json.loads(body) == {
        "errors": [
            {
                "error_code": "ROUTE_NOT_FOUND",
                "error_description": "Route GET /nowhere not found",
                "error_severity": "error",
            }
        ],
        "request_id": "mine",
    }

    status, _, body = runner.request("POST", "/api/v1/echo/x", b"x" * (10 * 1024 * 1024 + 1))
    assert status == 413
    assert json.loads(body)["errors"][0]["error_code"] == "PAYLOAD_TOO_LARGE"
    assert runner.request("POST", "/api/v1/echo/x", b"x" * (10 * 1024 * 1024))[0] == 200

    status, _, body = runner.request("GET", "/api/v1/openapi.json")
    assert status == 200
    assert set(json.loads(body)["paths"]) == {"/api/v1/echo"}
    assert runner.request("DELETE", "/api/v1/openapi.json")[0] == 405

    status, headers, body = runner.request("GET", "/")
    status, headers, page = runner.request("GET", headers["location"])
    assert status == 200
    assert b"https://" not in page
    assert f"{headers['content-security-policy']};upgrade-insecure-requests" == POLICY
    scripts = re.findall(rb'<script src="(.+?)"></script>', page)
    assert len(scripts) == page.count(b"<script") == 2, "the policy takes none that is in the page"
    assert [runner.request("GET", path.decode())[0] for path in scripts] == [200, 200]

    runner.until(lambda: runner.logs("message_read"))
    (message,) = runner.logs("message_read")
    assert message["body"]["time"].endswith(":00Z")

    address = _storage(data, runner.url).put_address(
        "small/a b", mime_type="image/png", size=4, lifetime=timedelta(minutes=1)
    )
    path = address.url.removeprefix(runner.url)
    assert runner.request("PUT", path, b"four", dict(address.headers))[0] == 200
    runner.until(lambda: runner.logs("object_stored"))
    (stored,) = runner.logs("object_stored")
    assert (stored["key"], stored["size"]) == ("small/a b", 4)

    assert runner.stop(signal.SIGINT) == 0
    assert processes_using(data) == []

    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    replayed = run("replay", journal, "--data", data, *EMBEDDED, "--template", SMALL)
    assert replayed.returncode == 0, replayed.stderr
    lines = replayed.stdout.splitlines()
    assert sum("Echo answered 200" in line for line in lines) == 3
    assert sum('Clockwork returned {"time"' in line for line in lines) == 1
    assert sum("Reader returned null" in line for line in lines) == 1
    assert sum("Keeper returned null" in line for line in lines) == 1
    assert lines[-1] == "6 events, 0 raised"


def _storage(data: Path, url: str) -> FolderStorage:
    at = quote(f"{url}/dev/storage", safe="")
    return FolderStorage(f"file://{quote(str(data / 'storage'))}?at={at}")


def test_killed_runner_leaves_a_folder_that_works(up: StartUp, data: Path) -> None:
    killed = up(*EMBEDDED)
    assert killed.stop(signal.SIGKILL) == -signal.SIGKILL
    again = up(*EMBEDDED)
    assert again.request("GET", "/api/v1/echo/x")[0] == 200
    assert again.stop(signal.SIGTERM) == 0
    assert processes_using(data) == []


BEGUN = ("unfinished-postgres-*/PG_VERSION", "unfinished-postgres-*/base/1/*", "postgres/base")
"""What shows that the database's folder is being made, is half made, is about to be started."""


@pytest.mark.parametrize("begun", BEGUN)
def test_interrupt_while_starting_leaves_nothing(data: Path, begun: str) -> None:
    process = _start_until(begun, data)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=40)
    assert process.returncode == 130, errors
    assert processes_using(data) == []


@pytest.mark.parametrize("begun", BEGUN)
def test_a_terminals_interrupt_reaches_what_it_starts_too(data: Path, begun: str) -> None:
    process = _start_until(begun, data)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=40)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert processes_using(data) == []


@pytest.mark.parametrize("begun", BEGUN)
def test_kill_while_starting_does_no_harm(up: StartUp, data: Path, begun: str) -> None:
    process = _start_until(begun, data)
    process.kill()
    process.communicate()
    again = up(*EMBEDDED)
    assert again.request("GET", "/api/v1/echo/x")[0] == 200
    assert again.stop(signal.SIGTERM) == 0


def _start_until(begun: str, data: Path) -> "subprocess.Popen[str]":
    process = start("up", *EMBEDDED, "--port", "0", "--data", data, "--template", SMALL)
    while not any(data.glob(begun)):
        assert process.poll() is None
        time.sleep(0.001)
    return process


def test_demo_delivers_to_every_network_once() -> None:
    shown = run("demo", *EMBEDDED, seconds=180)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert shown.stdout.count("  arrived ") == shown.stdout.count("  due ") >= 2


def test_taken_port_is_refused_before_anything_is_started(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = run("up", *EMBEDDED, "--data", data, "--template", SMALL, "--port", str(port))
    assert refused.returncode == 2
    assert refused.stderr == f"Port {port} is taken; choose another with --port\n"
    assert not data.exists()


def test_folder_of_another_runner_is_refused(data: Path) -> None:
    with locked(data):
        refused = run("migrate", *EMBEDDED, "--data", data, "--template", SMALL)
    assert refused.returncode == 2
    assert "in use by another runner (process " in refused.stderr
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "instead", "named"),
    [
        ("!Ref BrokerUrl", "!Ref Brokre", "BROKER_URL: there is nothing named Brokre"),
        ("BROKER_URL:", "BROKER_URI:", "BROKER_URI, but there is no such setting"),
        ("cron(* * * * ? *)", "cron(* * L * ? *)", "'L' is not understood"),
        ("small_house.reader", "small_house.writer", "there is no module"),
    ],
)
def test_template_that_cannot_work_is_refused_by_name(
    data: Path, text: str, instead: str, named: str
) -> None:
    bad = data.parent / "template.yaml"
    bad.write_text(SMALL.read_text().replace(text, instead))
    assert bad.read_text() != SMALL.read_text()
    refused = run("migrate", *EMBEDDED, "--data", data, "--template", bad)
    assert refused.returncode == 2
    assert named in refused.stderr
    assert "Traceback" not in refused.stderr


def test_second_interrupt_does_not_wait(up: StartUp, data: Path) -> None:
    runner = up(*EMBEDDED)
    with socket.create_connection(("127.0.0.1", int(runner.url.rpartition(":")[2]))) as slow:
        slow.sendall(b"POST /api/v1/echo/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
        time.sleep(0.3)
        runner.process.send_signal(signal.SIGINT)
        runner.until(lambda: "Stopping." in runner.said)
        time.sleep(0.3)
        began_at = time.monotonic()
        assert runner.stop(signal.SIGINT) == 130
    assert time.monotonic() - began_at < 8
    assert processes_using(data) == []


def test_invoke_prints_what_the_function_returns(data: Path) -> None:
    common = (*EMBEDDED, "--data", data, "--template", SMALL)
    ticked = run("invoke", "Clockwork", *common)
    assert ticked.returncode == 0, ticked.stderr
    assert set(json.loads(ticked.stdout)) == {"time"}
    assert "deployer_loaded" not in ticked.stderr, "nothing but an invocation loads it"

    event = data.parent / "event.json"
    event.write_text("{}")
    deployed = run("invoke", "Deployer", event, *common)
    assert (deployed.stdout, "deployer_loaded" in deployed.stderr) == ('"deployed"\n', True)

    event.write_text('{"rmqMessagesByQueue": {"q::/": 1}}')
    raised = run("invoke", "Reader", event, *common)
    assert raised.returncode == 1
    assert "Reader raised TypeError" in raised.stderr

    unknown = run("invoke", "Nobody", *common)
    assert unknown.returncode == 2
    assert "there are Echo, Clockwork, Reader, Keeper, Deployer" in unknown.stderr


def test_help_says_that_a_journal_holds_secrets() -> None:
    told = run("up", "--help")
    assert told.returncode == 0
    assert "mode 0600" in " ".join(told.stdout.split())
