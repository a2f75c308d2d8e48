"""Health tells the truth about each service."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine

from runner.services.processes import free_port
from shared.infrastructure import database
from shared.infrastructure.broker import RabbitBroker
from shared.infrastructure.cache import MemcachedCache
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
        "checks": {"database": "ok", "cache": "ok", "queue": "ok"},
    }


@pytest.mark.parametrize(
    ("down", "http_status", "status"),
    [
        (["cache"], 200, "degraded"),
        (["queue"], 200, "degraded"),
        (["cache", "queue"], 503, "unhealthy"),
        (["database"], 503, "unhealthy"),
    ],
)
@pytest.mark.parametrize("path", ["/ops/health", "/ops/status"])
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
    assert checks == {
        name: "error" if name in down else "ok" for name in ("database", "cache", "queue")
    }
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
