"""The HTTP edge: every error rendered once, every answer with its request id."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from mangum import Mangum
from pydantic import AfterValidator, BaseModel, Field

from runner.gateway import Route, request_event
from runner.template import Function
from shared.infrastructure.http import create_app
from shared.infrastructure.http_errors import STATUS
from shared.kernel.errors import (
    DomainError,
    LimitExceeded,
    NotFound,
    RuleViolation,
    RuleViolations,
    Unauthenticated,
)


class Pot(BaseModel):
    cups: int
    lid: bool


def _nameless(_email: str) -> str:
    raise ValueError("The tea needs a name")


class Tea(BaseModel):
    email: Annotated[str, AfterValidator(_nameless)]
    kinds: list[str] = Field(min_length=1)
    code: str = Field(pattern="^[0-9]+$")


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

    @app.post("/teas")
    def brew(tea: Tea) -> Tea:
        return tea

    @app.get("/pots/{tea_pot_id}")
    def get(tea_pot_id: UUID) -> str:
        return str(tea_pot_id)

    for kind in STATUS:
        if kind is not LimitExceeded:
            error = kind("CODE", "Words")
            app.add_api_route(f"/{kind.__name__}", _raising(error))
    app.add_api_route("/limit", _raising(LimitExceeded("TOO_MANY", "Slow down", retry_after=7)))
    counted = LimitExceeded("TOO_MANY", "Slow down", retry_after=7, limit=5)
    app.add_api_route("/counted", _raising(counted))
    app.add_api_route("/half", _raising(NotFound("NO_TEA", "There is no \ud800", field="\ud800")))

    @app.get("/encode")
    def encode() -> None:
        "\ud800".encode()

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
    assert not [name for name in headers if name.startswith("ratelimit")]


def test_a_limit_that_is_known_is_told(app: FastAPI) -> None:
    status, headers, _ = _call(app, "GET", "/counted")
    told = {name: value for name, value in headers.items() if name.startswith("ratelimit")}
    assert (status, headers["retry-after"]) == (429, "7")
    assert told == {"ratelimit-limit": "5", "ratelimit-remaining": "0", "ratelimit-reset": "7"}


def test_who_is_not_proved_is_told_how_to_be(app: FastAPI) -> None:
    _, headers, _ = _call(app, "GET", f"/{Unauthenticated.__name__}")
    assert headers["www-authenticate"] == "Bearer"
    _, others, _ = _call(app, "GET", f"/{NotFound.__name__}")
    assert "www-authenticate" not in others


def test_half_a_surrogate_pair_can_be_quoted(app: FastAPI) -> None:
    status, _, body = _call(app, "GET", "/half")
    assert (status, body["errors"][0]["field"]) == (404, "\ud800")


def test_what_cannot_be_encoded_is_a_400(app: FastAPI) -> None:
    status, _, body = _call(app, "GET", "/encode")
    assert (status, body["errors"][0]["error_code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "tea"])
def test_another_content_type_is_a_415(app: FastAPI, kind: str) -> None:
    pot = b'{"cups": 2, "lid": true}'
    status, _, body = _call(app, "POST", "/pots", pot, {"content-type": kind})
    assert (status, body["errors"][0]["error_code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/tea+json"])
def test_every_kind_of_json_is_read(app: FastAPI, kind: str) -> None:
    pot = b'{"cups": 2, "lid": true}'
    assert _call(app, "POST", "/pots", pot, {"content-type": kind})[0] == 200


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_a_missing_body_is_named(app: FastAPI, kind: str) -> None:
    status, _, body = _call(app, "POST", "/pots", b"", {"content-type": kind})
    assert status == 400
    assert body["errors"] == [
        {
            "error_code": "VALIDATION_ERROR",
            "error_description": "A JSON body is needed",
            "error_severity": "error",
        }
    ]


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
    status, _, body = _call(app, "POST", "/pots", text)
    assert status == 400
    assert "dictionary" not in body["errors"][0]["error_description"]


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
    assert body["errors"][0]["error_description"] == "/pots cannot be called with DELETE"
    assert headers["allow"] == "POST"


def test_what_is_wrong_is_said_in_plain_words(app: FastAPI) -> None:
    given = json.dumps({"email": "nobody", "kinds": [], "code": "x"})
    _, _, body = _call(app, "POST", "/teas", given.encode())
    told = {each["field"]: each["error_description"] for each in body["errors"]}
    assert told == {
        "email": "The tea needs a name",
        "kinds": "At least 1 must be given",
        "code": "This is not written in the form it must have",
    }


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
