"""Every request leaves a line, however far it comes, and nobody's answer waits or fails for it."""

import json
import logging
from typing import Any
from uuid import uuid4

import pytest

from shared.infrastructure import record_store
from shared.infrastructure.recording import answer_first, keep
from tests.accounts import PASSWORD, Account
from tests.api import Api
from tests.records import request_logs, rows_of


def test_a_request_is_known_by_its_route_its_caller_and_its_end(ada: Account) -> None:
    answer = ada.api.request(
        "GET",
        f"/posts/{uuid4()}",
        query={"include_variants": "true", "access_token": "planted", "code": "planted"},
        headers={
            "x-request-id": "asked-by-ada",
            "user-agent": "Browser 1.0",
            "x-correlation-id": "from-afar",
        },
        source_ip="203.0.113.9",
    )
    assert answer.status == 404
    (row,) = request_logs("request_id = 'asked-by-ada'")
    assert (row.method, row.path, row.status_code) == ("GET", "/api/v1/posts/{post_id}", 404)
    assert (row.error_code, row.kept) == ("POST_NOT_FOUND", "quarter")
    assert (row.address, row.user_agent) == ("203.0.113.9", "Browser 1.0")
    assert (row.organization_id, row.user_id) == (ada.organization_id, ada.user_id)
    assert (row.principal_type, row.principal_id) == ("user", ada.user_id)
    assert row.response_bytes == len(answer.content)
    assert 0 < row.duration_ms < 10_000
    assert row.context == {
        "query": {"include_variants": "true", "access_token": "[REDACTED]", "code": "[REDACTED]"},
        "correlation_id": "from-afar",
    }


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code", "kept"),
    [
        ("POST", "/auth/login", {"content": b"{"}, 400, "MALFORMED_JSON", "year"),
        ("POST", "/auth/login", {"json": {}}, 400, "VALIDATION_ERROR", "year"),
        ("GET", "/auth/me", {}, 401, "UNAUTHORIZED", "year"),
        ("GET", "/posts", {}, 401, "UNAUTHORIZED", "quarter"),
        ("DELETE", "/posts", {}, 405, "METHOD_NOT_ALLOWED", "quarter"),
        ("GET", "/ops/flags", {}, 200, None, "month"),
    ],
)
def test_what_is_refused_is_written_down_as_well(
    api: Api,
    method: str,
    path: str,
    sent: dict[str, Any],
    status: int,
    code: str | None,
    kept: str,
) -> None:
    assert api.request(method, path, **sent).status == status
    (row,) = request_logs()
    assert (row.status_code, row.error_code, row.kept) == (status, code, kept)
    assert row.organization_id is None


def test_so_is_who_calls_too_often(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from shared.infrastructure.call_limits import limits

    monkeypatch.setenv("LIMITS_ADDRESSES_PER_MINUTE", "1")
    limits.cache_clear()
    try:
        statuses = [api.get("/ops/flags").status for _ in range(3)]
    finally:
        limits.cache_clear()
    assert 429 in statuses
    assert [row.status_code for row in request_logs()] == statuses
    assert request_logs("error_code = 'RATE_LIMIT_EXCEEDED'")


def test_an_api_key_is_told_from_its_user(ada: Account) -> None:
    made = ada.api.post("/api-keys", {"name": "CI", "scopes": ["posts:read"]})
    assert made.status == 201, made.content
    key = made.json["data"]["key"]
    listed = Api(ada.api._routes).request("GET", "/posts", headers={"x-api-key": key})
    assert listed.status == 200
    *_, row = request_logs("path = '/api/v1/posts'")
    assert (row.principal_type, row.user_id) == ("api_key", ada.user_id)
    assert row.principal_id != ada.user_id


def test_an_id_in_a_path_that_no_route_has_is_taken_out(api: Api) -> None:
    from functions.content.posts import handler
    from runner.gateway import Route, request_event

    route = Route(method="ANY", path="/{proxy+}", function=api._routes[0].function)
    for path in (f"/api/v1/posts/{uuid4()}/nothing", "/api/v1/posts/12/nothing"):
        handler(
            request_event(
                route,
                method="GET",
                path=path,
                query="",
                headers={},
                body=b"",
                source_ip="192.0.2.1",
                request_id="x",
            ),
            None,
        )
    assert {row.path for row in request_logs()} == {"/api/v1/posts/{id}/nothing"}
    assert {row.error_code for row in request_logs()} == {"ROUTE_NOT_FOUND"}


def test_a_failure_of_ours_is_in_both_tiers_under_one_id(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.operations.adapters import flags

    def fail() -> None:
        raise RuntimeError(f"Bearer planted-secret {PASSWORD!r}")

    monkeypatch.setattr(flags, "flags", fail)
    answer = api.request("GET", "/ops/flags", headers={"x-request-id": "unlucky"})
    assert answer.status == 500
    (row,) = request_logs()
    assert (row.request_id, row.error_code) == ("unlucky", "INTERNAL_SERVER_ERROR")
    assert row.kept == "half_year"
    (log,) = rows_of("system_logs")
    assert (log.request_id, log.level, log.kept) == ("unlucky", "ERROR", "year")
    assert log.event == "unexpected_error"
    assert "RuntimeError" in log.trace
    assert "planted-secret" not in log.trace


def test_a_database_that_takes_no_records_costs_nobody_an_answer(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(record_store, "_STORE", "SELECT 1/0, %s::jsonb, %s::jsonb")
    assert api.get("/ops/flags").status == 200
    assert api.get("/ops/flags").status == 200
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["record"], line["status_code"]) for line in told] == [("request", 200)] * 2
    assert not request_logs()


def test_records_may_go_to_standard_output_or_nowhere(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for where, lines in (("output", 1), ("nowhere", 0)):
        monkeypatch.setattr(record_store, "where", lambda where=where: where)
        assert api.get("/ops/flags").status == 200
        assert len(capsys.readouterr().out.splitlines()) == lines
    assert not request_logs()


def test_whoever_answers_first_writes_afterwards(api: Api) -> None:
    with answer_first() as left:
        assert api.get("/ops/flags").status == 200
        assert not request_logs()
    keep(*left)
    assert len(request_logs()) == 1


@pytest.fixture
def noisy(api: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    from shared.operations.adapters import flags

    def log() -> list[Any]:
        for number in range(250):
            logging.getLogger("shared.tea").warning("cup_%s", number, extra={"number": number})
        return []

    monkeypatch.setattr(flags, "flags", log)
    return api


def test_what_runs_in_circles_fills_no_table(noisy: Api) -> None:
    noisy.get("/ops/flags")
    logs = rows_of("system_logs")
    assert len(logs) == 201
    assert logs[-1].event == "logs_dropped"
    assert logs[-1].context == {"count": 50}


def test_the_answer_is_committed_without_waiting_for_the_disk(api: Api) -> None:
    """As the statement that stores says of itself, and of nothing that comes after it."""
    from sqlalchemy import text

    from shared.infrastructure.database import engine

    api.get("/ops/flags")
    assert "set_config('synchronous_commit', 'off', true)" in record_store._STORE
    with engine().connect() as database:
        assert database.scalar(text("SHOW synchronous_commit")) == "on"


def test_a_line_that_cannot_be_written_takes_no_answer_with_it(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.infrastructure import http

    monkeypatch.setattr(http, "request_log", lambda *_, **__: 1 / 0)
    assert api.get("/ops/flags").status == 200
    assert not request_logs()
