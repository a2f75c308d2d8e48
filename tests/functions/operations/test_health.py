"""Health tells of what is deployed and of the scanner; of services see `test_every_outage`."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pika
import pytest

from functions.publishing import scanner
from shared.infrastructure.broker import (
    BrokerSettings,
    broker,
    connection_parameters,
)
from shared.operations.api.ticks import SCANNER, note_tick
from shared.publishing.adapters.rabbitmq import DUE
from tests.api import Api


def test_all_is_well(api: Api) -> None:
    answer = api.get("/ops/health")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json == {
        "status": "healthy",
        "checks": {
            "database": "ok",
            "cache": "ok",
            "queue": "ok",
            "storage": "ok",
            "scanner": "ok",
        },
    }


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
