"""Whatever goes wrong in a request, rendered once and always in the same shape."""

import json
from collections.abc import Iterator
from email.message import Message
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from shared.infrastructure.logging import request_id
from shared.infrastructure.records import note_error
from shared.kernel.errors import (
    Conflict,
    DomainError,
    FaultyService,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    PreconditionFailed,
    RuleViolation,
    RuleViolations,
    TooLarge,
    Unauthenticated,
    Unavailable,
)

STATUS = {
    RuleViolation: 400,
    Unauthenticated: 401,
    PermissionDenied: 403,
    NotFound: 404,
    Conflict: 409,
    PreconditionFailed: 412,
    TooLarge: 413,
    LimitExceeded: 429,
    FaultyService: 502,
    Unavailable: 503,
}


class ErrorOut(BaseModel):
    """One thing that is wrong; `field` is the dotted path of the input it concerns."""

    error_code: str
    error_description: str
    error_severity: str
    field: str | None = None
    meta: dict[str, Any] | None = None


class ErrorsOut(BaseModel):
    """The body of every answer that is not a success."""

    errors: list[ErrorOut]
    request_id: str


def render_errors(app: FastAPI) -> None:
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(UnicodeEncodeError, _unspeakable_text)


def unexpected_error() -> Response:
    problem = ErrorOut(
        error_code="INTERNAL_SERVER_ERROR",
        error_description="Something went wrong on our side",
        error_severity="critical",
    )
    return _answer(500, [problem])


def _answer(status: int, errors: list[ErrorOut], headers: dict[str, str] | None = None) -> Response:
    """In ASCII, so that even half a surrogate pair can be quoted back."""
    note_error(errors[0].error_code)
    body = ErrorsOut(errors=errors, request_id=request_id.get())
    content = json.dumps(body.model_dump(exclude_none=True), separators=(",", ":"))
    return Response(content, status, headers, "application/json")


def _problem(
    code: str, description: str, field: str | None = None, meta: dict[str, Any] | None = None
) -> ErrorOut:
    return ErrorOut(
        error_code=code,
        error_description=description,
        error_severity="error",
        field=field,
        meta=meta,
    )


def _domain_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return refuse(error)


def refuse(error: DomainError) -> Response:
    """The answer that says so."""
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    each = error.violations if isinstance(error, RuleViolations) else [error]
    problems = [_problem(one.code, one.description, one.field, one.meta) for one in each]
    return _answer(status, problems, _headers(error))


def _headers(error: DomainError) -> dict[str, str]:
    headers = {}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, LimitExceeded) and error.limit is not None:
        headers |= {
            "RateLimit-Limit": str(error.limit),
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": str(error.retry_after),
        }
    return headers


def _invalid_request(request: Request, error: Exception) -> Response:
    """A malformed id is an unknown one: 404 with the code of the resource in its name."""
    assert isinstance(error, RequestValidationError)
    for problem in error.errors():
        source, *path = problem["loc"]
        if source == "path":
            resource = str(path[0]).removesuffix("_id")
            return _domain_error(
                request,
                NotFound(f"{resource.upper()}_NOT_FOUND", f"There is no such {resource}"),
            )
    if isinstance(error.body, bytes) and not _says_json(request):
        unsupported = _problem("UNSUPPORTED_MEDIA_TYPE", "The body must be application/json")
        return _answer(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, [unsupported])
    return _answer(HTTPStatus.BAD_REQUEST, list(_validation_errors(error)))


def _says_json(request: Request) -> bool:
    said = Message()
    said["content-type"] = request.headers.get("content-type", "")
    kind = said.get_content_subtype()
    return said.get_content_maintype() == "application" and (
        kind == "json" or kind.endswith("+json")
    )


def _validation_errors(error: RequestValidationError) -> Iterator[ErrorOut]:
    """A model's own check names its code by its type, ``PydanticCustomError("NO_RUN_AT", …)``.

    What it tells besides is the `meta` of its context.
    """
    for problem in error.errors():
        kind, (_, *path) = problem["type"], problem["loc"]
        if kind == "json_invalid":
            yield _problem("MALFORMED_JSON", "The body is not JSON")
        elif problem["loc"] == ("body",) and kind == "missing":
            yield _problem("VALIDATION_ERROR", "A JSON body is needed")
        elif problem["loc"] == ("body",) and kind.startswith("model_"):
            yield _problem("VALIDATION_ERROR", "The body must be a JSON object")
        else:
            code = kind if kind.isupper() else "VALIDATION_ERROR"
            field = ".".join(str(part) for part in path) or None
            meta = problem.get("ctx", {}).get("meta")
            yield _problem(code, _plain_words(problem), field, meta)


def _plain_words(problem: dict[str, Any]) -> str:
    """What is wrong, without the words of whoever programs."""
    said, context = str(problem["msg"]), problem.get("ctx", {})
    match problem["type"]:
        case "value_error":
            return said.removeprefix("Value error, ")
        case "string_pattern_mismatch":
            return "This is not written in the form it must have"
        case "too_short":
            return f"At least {context['min_length']} must be given"
        case _:
            return said


def _http_exception(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: no such route, no such method, no readable body."""
    assert isinstance(error, HTTPException)
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            code = "ROUTE_NOT_FOUND"
            description = f"Route {request.method} {request.url.path} not found"
        case HTTPStatus.METHOD_NOT_ALLOWED:
            code = "METHOD_NOT_ALLOWED"
            description = f"{request.url.path} cannot be called with {request.method}"
        case HTTPStatus.BAD_REQUEST:
            code, description = "MALFORMED_JSON", "The body is not JSON"
        case _:
            description = str(error.detail)
            code = description.upper().replace(" ", "_")
    return _answer(error.status_code, [_problem(code, description)], dict(error.headers or {}))


def _unspeakable_text(request: Request, error: Exception) -> Response:
    """Half a surrogate pair: JSON can name it, and nothing can store, hash or send it."""
    return _answer(
        HTTPStatus.BAD_REQUEST,
        [_problem("VALIDATION_ERROR", "Half a surrogate pair is no text")],
    )
