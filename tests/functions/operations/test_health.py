"""Health tells the truth about each service."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pika
import pytest
from sqlalchemy import create_engine

from functions.publishing import scanner
from runner.services.memcached import memcached
from runner.services.processes import free_port
from shared.infrastructure import database
from shared.infrastructure.broker import (
    BrokerSettings,
    RabbitBroker,
    broker,
    connection_parameters,
)
from shared.infrastructure.cache import MemcachedCache
from shared.operations.api.ticks import SCANNER, note_tick
from shared.publishing.adapters.rabbitmq import DUE
from tests.api import Api

HEALTH = "shared.operations.adapters.health"


def stop(patch: pytest.MonkeyPatch, *services: str) -> None:
    """Have health look for them where nobody is."""
    if "database" in services:
        nowhere = create_engine(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing")
        patch.setattr(database, "engine", lambda: nowhere)
    if "cache" in services:
        lost = MemcachedCache(f"memcached://127.0.0.1:{free_port()}")
        patch.setattr(f"{HEALTH}.cache", lambda: lost)
    if "queue" in services:
        broker = RabbitBroker(f"amqp://guest:guest@127.0.0.1:{free_port()}/%2F")
        patch.setattr(f"{HEALTH}.broker", lambda: broker)


def test_all_is_well(api: Api) -> None:
    answer = api.get("/ops/health")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json == {
        "status": "healthy",
        "checks": {"database": "ok", "cache": "ok", "queue": "ok", "scanner": "ok"},
    }


@pytest.mark.parametrize(
    ("down", "http_status", "status"),
    [
        ([], 200, "healthy"),
        (["cache"], 200, "degraded"),
        (["queue"], 200, "degraded"),
        (["cache", "queue"], 503, "unhealthy"),
        (["database"], 503, "unhealthy"),
        (["database", "cache"], 503, "unhealthy"),
        (["database", "queue"], 503, "unhealthy"),
        (["database", "cache", "queue"], 503, "unhealthy"),
    ],
)
@pytest.mark.parametrize("path", ["/ops/health", "/ops/ready", "/ops/status"])
def test_what_is_down_is_named(
    api: Api,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    down: list[str],
    http_status: int,
    status: str,
) -> None:
    with monkeypatch.context() as patch:
        stop(patch, *down)
        answer = api.get(path)
    assert (answer.status, answer.json["status"]) == (http_status, status)
    checks = answer.json["checks"]
    lost = {*down, *(["scanner"] if "database" in down else [])}  # nobody knows of it then
    assert checks == {
        name: "error" if name in lost else "ok"
        for name in ("database", "cache", "queue", "scanner")
    }
    assert api.get("/ops/live").json == {"status": "alive"}
    if http_status == 503:
        assert answer.codes == ["UNHEALTHY"]
        assert answer.json["request_id"] == answer.headers["x-request-id"]
    else:
        assert "errors" not in answer.json


def test_the_status_tells_what_is_deployed_where(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert api.get("/ops/status").json["commit_sha"] is None
    monkeypatch.setenv("RELEASE_COMMIT", "0abc123")
    told = api.get("/ops/status").json
    assert (told["version"], told["commit_sha"]) == ("0.1.0", "0abc123")
    assert told["environment"] == "test"
    age = datetime.now(UTC) - datetime.fromisoformat(told["timestamp"])
    assert timedelta() <= age < timedelta(minutes=1)


def _ticked(ago: timedelta, *, behind: timedelta | None = None) -> None:
    at = datetime.now(UTC) - ago
    note_tick(SCANNER, at, next_due_at=at - behind if behind else None, queues=DUE)


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("ago", "behind", "verdict"),
    [
        (0 * MINUTE, None, "healthy"),
        (MINUTE, MINUTE, "healthy"),
        (0 * MINUTE, -30 * MINUTE, "healthy"),
        (5 * MINUTE, None, "degraded"),
        (0 * MINUTE, 10 * MINUTE, "degraded"),
    ],
)
def test_a_scanner_that_stands_still_or_is_behind_is_told(
    api: Api, ago: timedelta, behind: timedelta | None, verdict: str
) -> None:
    _ticked(ago, behind=behind)
    told = api.get("/ops/status").json
    assert told["status"] == verdict
    assert told["checks"]["scanner"] == ("ok" if verdict == "healthy" else "error")
    assert told["scanner"]["queued"] == 0
    seen = datetime.now(UTC) - datetime.fromisoformat(told["scanner"]["last_tick_at"])
    assert ago <= seen < ago + MINUTE


def test_the_scanner_tells_when_it_went_off(api: Api, environment: dict[str, str]) -> None:
    assert api.get("/ops/status").json["scanner"] is None
    scanner.handler({"time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}, None)
    told = api.get("/ops/status").json["scanner"]
    assert told["next_due_at"] is None
    assert datetime.now(UTC) - datetime.fromisoformat(told["last_tick_at"]) < MINUTE


def test_what_waits_in_the_queues_is_counted(api: Api) -> None:
    _ticked(0 * MINUTE)
    broker().send(DUE[1], [{"nobody": "takes it"}])
    deadline = datetime.now(UTC) + timedelta(seconds=10)
    while api.get("/ops/status").json["scanner"]["queued"] != 1:
        assert datetime.now(UTC) < deadline
    with closing(pika.BlockingConnection(connection_parameters(BrokerSettings.read().url))) as line:
        line.channel().queue_purge(DUE[1])


def test_what_was_stopped_is_told_and_what_was_started_again(
    api: Api, services_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = services_folder / "stopped"
    folder.mkdir(exist_ok=True)
    with monkeypatch.context() as patch:
        with memcached(folder) as url:
            ours = MemcachedCache(url)
            patch.setattr(f"{HEALTH}.cache", lambda: ours)
            assert api.get("/ops/ready").json["checks"]["cache"] == "ok"
        answer = api.get("/ops/ready")
    assert (answer.status, answer.json["checks"]["cache"]) == (200, "error")
    assert api.get("/ops/ready").json["checks"]["cache"] == "ok"
