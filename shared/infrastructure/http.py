"""The HTTP edge: one FastAPI application a function, a request id on each answer, Lambda's door."""

import logging
import time
from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import FastAPI
from mangum import Mangum
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.infrastructure import records
from shared.infrastructure.events import Event
from shared.infrastructure.http_errors import refuse, render_errors, unexpected_error
from shared.infrastructure.logging import honoured_id, request_id
from shared.infrastructure.openapi import DEFAULT_RESPONSES, DocumentedApp, operation_id
from shared.infrastructure.recording import be_ready, invocation
from shared.infrastructure.request_log import request_log
from shared.infrastructure.security_headers import RAW_HEADERS
from shared.infrastructure.tenancy import NOBODYS, see
from shared.infrastructure.tracing import span_from
from shared.kernel.clock import utc_now
from shared.kernel.errors import TooLarge

logger = logging.getLogger(__name__)

_NOTED = "luxaris.headers"


LARGEST_BODY = 1024 * 1024
"""Bytes: more than any text, list or form here has."""


def create_app(title: str, *, largest_body: int = LARGEST_BODY) -> FastAPI:
    """An application that renders every error the same way and answers with a request id.

    `largest_body` is in bytes; a larger one is refused before anybody looks at it.
    """
    app = DocumentedApp(
        title=title,
        openapi_url=None,
        generate_unique_id_function=operation_id,
        responses=DEFAULT_RESPONSES,
    )
    render_errors(app)
    app.add_middleware(RequestIds, largest_body=largest_body)
    return app


class HttpFunction:
    """The entry point of a function that has an application: each request is written down.

    The lifespan stays off: Mangum would run it on every invocation, not once a container.
    """

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._answer = Mangum(app, lifespan="off")

    def __call__(self, event: Event, context: Any) -> dict[str, Any]:
        http = event["requestContext"]["http"]
        begun = records.Records(
            request_id=honoured_id(event["headers"].get("x-request-id", "")),
            function=getattr(context, "function_name", ""),
            called_from=http,
        )
        began, answer = time.perf_counter(), dict[str, Any]()
        with invocation(begun):
            try:
                with span_from(
                    event["headers"], http["method"], "server", request_id=begun.request_id
                ):
                    answer = self._answer(event, context)
            finally:
                took = (time.perf_counter() - began) * 1000
                begun.request = partial(
                    request_log, event, answer, begun, milliseconds=took, at=utc_now()
                )
        return answer


def lambda_handler(app: FastAPI) -> HttpFunction:
    """The function's entry point."""
    be_ready()
    return HttpFunction(app)


def note_headers(scope: Scope, headers: Mapping[str, str]) -> None:
    """Have the answer carry these headers, whatever becomes of it, unless it has its own."""
    scope.setdefault(_NOTED, {}).update(headers)


def _size(scope: Scope) -> int:
    """Of the body in bytes: as it was handed over, which is what it is, or as it says itself."""
    event = scope.get("aws.event", {})
    if (body := event.get("body")) is not None:
        encoded = len(body) * 3 // 4 - body[-2:].count("=")
        return encoded if event.get("isBase64Encoded") else len(body)
    said = Headers(scope=scope).get("content-length", "0")
    return int(said) if said.isascii() and said.isdecimal() else 0


class RequestIds:
    """Binds the id that ties all records of a request together, and answers with it.

    It adds the headers that were noted on the way. Until it is known who is asking, nobody's rows
    are seen.

    It tells browsers what to do without, and refuses bodies that are too large to be meant.

    Whatever went wrong unforeseen is answered here, so that this answer has its id too.
    """

    def __init__(self, app: ASGIApp, *, largest_body: int = LARGEST_BODY) -> None:
        self._app = app
        self._largest_body = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        running = records.current.get()
        if running is None:
            bound = honoured_id(Headers(scope=scope).get("x-request-id", ""))
            request_id.set(bound)
        else:
            bound = running.request_id
        see(NOBODYS)
        noted = scope[_NOTED] = dict[str, str]()
        started = False

        async def send_with_id(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = bound
                for name, value in noted.items():
                    headers.setdefault(name, value)
                told = {name for name, _ in headers.raw}
                headers.raw.extend(each for each in RAW_HEADERS if each[0] not in told)
            await send(message)

        try:
            if _size(scope) > self._largest_body:
                refusal = TooLarge(
                    "PAYLOAD_TOO_LARGE", f"A body has at most {self._largest_body} bytes"
                )
                await refuse(refusal)(scope, receive, send_with_id)
                return
            await self._app(scope, receive, send_with_id)
        except Exception:
            if started:
                raise
            logger.exception("unexpected_error")
            await unexpected_error()(scope, receive, send_with_id)
        finally:
            if running is not None:
                running.route = _path_of_route(scope)


def _path_of_route(scope: Scope) -> str | None:
    """As the contract writes it; a router that is included under a prefix knows half of it only."""
    included = scope.get("fastapi", {}).get("effective_route_context")
    route = included or scope.get("route")
    return None if route is None else str(route.path_format)
