"""The HTTP edge: one FastAPI application a function, errors rendered once, Lambda's door."""

import logging
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from mangum import Mangum
from pydantic import BaseModel
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.infrastructure.logging import configure_logging, request_id
from shared.kernel.errors import (
    Conflict,
    DomainError,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    RuleViolation,
    RuleViolations,
    Unauthenticated,
    Unavailable,
)

logger = logging.getLogger(__name__)

STATUS = {
    RuleViolation: 400,
    Unauthenticated: 401,
    PermissionDenied: 403,
    NotFound: 404,
    Conflict: 409,
    LimitExceeded: 429,
    Unavailable: 503,
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


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


def create_app(title: str) -> FastAPI:
    """An application that renders every error the same way and answers with a request id."""
    app = FastAPI(
        title=title,
        openapi_url=None,
        responses={
            "default": {"model": ErrorsOut, "description": "What went wrong, all of it at once"}
        },
    )
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_middleware(RequestIds)
    return app


def lambda_handler(app: FastAPI) -> Mangum:
    """The function's entry point.

    The lifespan stays off: Mangum would run it on every invocation, not once a container.
    """
    configure_logging()
    return Mangum(app, lifespan="off")


class RequestIds:
    """Binds the id that ties all records of a request together, and answers with it.

    A caller's own id is honoured when it is well-formed. Whatever went wrong unforeseen is
    answered here, so that this answer has its id too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).get("x-request-id", "")
        bound = given if _REQUEST_ID.fullmatch(given) else str(uuid4())
        request_id.set(bound)
        started = False

        async def send_with_id(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message)["X-Request-ID"] = bound
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            if started:
                raise
            logger.exception("unexpected_error")
            await _unexpected()(scope, receive, send_with_id)


def _answer(
    status: int, errors: list[ErrorOut], headers: dict[str, str] | None = None
) -> JSONResponse:
    body = ErrorsOut(errors=errors, request_id=request_id.get())
    return JSONResponse(body.model_dump(exclude_none=True), status, headers)


def _error_out(error: DomainError) -> ErrorOut:
    return ErrorOut(
        error_code=error.code,
        error_description=error.description,
        error_severity="error",
        field=error.field,
        meta=error.meta,
    )


def _domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    each = error.violations if isinstance(error, RuleViolations) else [error]
    headers = None if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return _answer(status, [_error_out(one) for one in each], headers)


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
    return _answer(400, list(_validation_errors(error)))


def _validation_errors(error: RequestValidationError) -> Iterator[ErrorOut]:
    """A model's own check names its code by its type, ``PydanticCustomError("NO_RUN_AT", …)``."""
    for problem in error.errors():
        kind, (_, *path) = problem["type"], problem["loc"]
        if kind == "json_invalid":
            yield ErrorOut(
                error_code="MALFORMED_JSON",
                error_description="The body is not JSON",
                error_severity="error",
            )
        else:
            yield ErrorOut(
                error_code=kind if kind.isupper() else "VALIDATION_ERROR",
                error_description=problem["msg"],
                error_severity="error",
                field=".".join(str(part) for part in path) or None,
            )


def _http_exception(request: Request, error: Exception) -> Response:
    """What the framework itself refuses: no such route, no such method, no readable body."""
    assert isinstance(error, HTTPException)
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            code = "ROUTE_NOT_FOUND"
            description = f"Route {request.method} {request.url.path} not found"
        case HTTPStatus.BAD_REQUEST:
            code, description = "MALFORMED_JSON", "The body is not JSON"
        case _:
            description = str(error.detail)
            code = description.upper().replace(" ", "_")
    problem = ErrorOut(error_code=code, error_description=description, error_severity="error")
    return _answer(error.status_code, [problem], dict(error.headers or {}))


def _unexpected() -> Response:
    problem = ErrorOut(
        error_code="INTERNAL_SERVER_ERROR",
        error_description="Something went wrong on our side",
        error_severity="critical",
    )
    return _answer(500, [problem])
