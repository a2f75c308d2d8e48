"""The HTTP edge: every error rendered once, every answer with its request id."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel

from runner.gateway import Route, request_event
from runner.template import Function
from shared.infrastructure.http import STATUS, create_app
from shared.kernel.errors import (
    DomainError,
    LimitExceeded,
    NotFound,
    RuleViolation,
    RuleViolations,
)


class Pot(BaseModel):
    cups: int
    lid: bool


def _raising(error: Exception) -> Callable[[], None]:
    def route() -> None:
        raise error

    return route


@pytest.fixture
def app() -> FastAPI:
    app = create_app("Tea")

    @app.post("/pots")
    def make(pot: Pot) -> Pot:
        return pot

    @app.get("/pots/{tea_pot_id}")
    def get(tea_pot_id: UUID) -> str:
        return str(tea_pot_id)

    for kind in STATUS:
        if kind is not LimitExceeded:
            error = kind("CODE", "Words")
            app.add_api_route(f"/{kind.__name__}", _raising(error))
    app.add_api_route("/limit", _raising(LimitExceeded("TOO_MANY", "Slow down", retry_after=7)))
    app.add_api_route(
        "/several",
        _raising(RuleViolations([RuleViolation("A", "One", field="a"), RuleViolation("B", "Two")])),
    )
    app.add_api_route("/bug", _raising(RuntimeError("the password is tea")))
    return app


def _call(
    app: FastAPI,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> tuple[int, dict[str, str], Any]:
    function = Function("Tea", "tea.handler", 29, {}, ())
    event = request_event(
        Route(method="ANY", path="/{proxy+}", function=function),
        method=method,
        path=path,
        query="",
        headers={"content-type": "application/json", **(headers or {})},
        body=body,
        source_ip="127.0.0.1",
        request_id="local",
    )
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        answer = Mangum(app, lifespan="off")(event, None)  # type: ignore[arg-type]
    finally:
        loop.close()
        asyncio.set_event_loop(None)
    return answer["statusCode"], answer["headers"], json.loads(answer["body"])


@pytest.mark.parametrize("kind", [kind for kind in STATUS if kind is not LimitExceeded])
def test_an_error_becomes_the_status_of_its_meaning(app: FastAPI, kind: type[DomainError]) -> None:
    status, _, body = _call(app, "GET", f"/{kind.__name__}")
    assert status == STATUS[kind]
    assert body["errors"] == [
        {"error_code": "CODE", "error_description": "Words", "error_severity": "error"}
    ]


def test_a_limit_says_when_to_come_back(app: FastAPI) -> None:
    status, headers, _ = _call(app, "GET", "/limit")
    assert (status, headers["retry-after"]) == (429, "7")


def test_all_violations_are_told_at_once(app: FastAPI) -> None:
    status, _, body = _call(app, "GET", "/several")
    assert status == 400
    assert [error["error_code"] for error in body["errors"]] == ["A", "B"]
    assert body["errors"][0]["field"] == "a"


@pytest.mark.parametrize("text", [b"{", b"[1,", b"tea"])
def test_malformed_json_is_a_400(app: FastAPI, text: bytes) -> None:
    status, _, body = _call(app, "POST", "/pots", text)
    assert (status, body["errors"][0]["error_code"]) == (400, "MALFORMED_JSON")


@pytest.mark.parametrize("text", [b"", b"null", b"[]", b'"tea"', b"\xff\xfe"])
def test_a_body_that_is_no_object_is_a_400(app: FastAPI, text: bytes) -> None:
    assert _call(app, "POST", "/pots", text)[0] == 400


def test_every_wrong_field_is_named(app: FastAPI) -> None:
    status, _, body = _call(app, "POST", "/pots", b'{"cups": "many"}')
    assert status == 400
    assert {error["field"] for error in body["errors"]} == {"cups", "lid"}
    assert {error["error_code"] for error in body["errors"]} == {"VALIDATION_ERROR"}


def test_a_malformed_id_is_an_unknown_one(app: FastAPI) -> None:
    status, _, body = _call(app, "GET", "/pots/seven")
    assert (status, body["errors"][0]["error_code"]) == (404, "TEA_POT_NOT_FOUND")


def test_an_unknown_path_is_said_in_the_same_shape(app: FastAPI) -> None:
    status, _, body = _call(app, "GET", "/coffee")
    assert (status, body["errors"][0]["error_code"]) == (404, "ROUTE_NOT_FOUND")


def test_a_wrong_method_is_said_in_the_same_shape(app: FastAPI) -> None:
    status, headers, body = _call(app, "DELETE", "/pots")
    assert (status, body["errors"][0]["error_code"]) == (405, "METHOD_NOT_ALLOWED")
    assert headers["allow"] == "POST"


def test_a_bug_tells_the_caller_nothing(app: FastAPI) -> None:
    status, headers, body = _call(app, "GET", "/bug", headers={"x-request-id": "abc"})
    assert (status, body["errors"][0]["error_code"]) == (500, "INTERNAL_SERVER_ERROR")
    assert "tea" not in str(body)
    assert body["request_id"] == headers["x-request-id"] == "abc"


@pytest.mark.parametrize("given", ["abc-1._", "a" * 128])
def test_a_well_formed_request_id_is_honoured(app: FastAPI, given: str) -> None:
    _, headers, body = _call(app, "GET", f"/{NotFound.__name__}", headers={"x-request-id": given})
    assert headers["x-request-id"] == given
    assert body["request_id"] == given


@pytest.mark.parametrize("given", ["", "a b", "a" * 129, "<script>"])
def test_any_other_request_id_is_replaced(app: FastAPI, given: str) -> None:
    _, headers, body = _call(app, "GET", f"/{NotFound.__name__}", headers={"x-request-id": given})
    assert UUID(headers["x-request-id"])
    assert body["request_id"] == headers["x-request-id"]
