"""The HTTP edge: one FastAPI application a function, a request id on each answer, Lambda's door."""

import logging
from collections.abc import Mapping

from fastapi import FastAPI
from mangum import Mangum
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.infrastructure.http_errors import ErrorsOut, render_errors, unexpected_error
from shared.infrastructure.logging import configure_logging, honoured_id, request_id
from shared.infrastructure.openapi import DocumentedApp, operation_id
from shared.infrastructure.tenancy import NOBODYS, see

logger = logging.getLogger(__name__)

_NOTED = "luxaris.headers"


def create_app(title: str) -> FastAPI:
    """An application that renders every error the same way and answers with a request id."""
    app = DocumentedApp(
        title=title,
        openapi_url=None,
        generate_unique_id_function=operation_id,
        responses={
            "default": {"model": ErrorsOut, "description": "What went wrong, all of it at once"}
        },
    )
    render_errors(app)
    app.add_middleware(RequestIds)
    return app


def lambda_handler(app: FastAPI) -> Mangum:
    """The function's entry point.

    The lifespan stays off: Mangum would run it on every invocation, not once a container.
    """
    configure_logging()
    return Mangum(app, lifespan="off")


def note_headers(scope: Scope, headers: Mapping[str, str]) -> None:
    """Have the answer carry these headers, whatever becomes of it, unless it has its own."""
    scope.setdefault(_NOTED, {}).update(headers)


class RequestIds:
    """Binds the id that ties all records of a request together, and answers with it.

    It adds the headers that were noted on the way. Until it is known who is asking, nobody's rows
    are seen.

    Whatever went wrong unforeseen is answered here, so that this answer has its id too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        bound = honoured_id(Headers(scope=scope).get("x-request-id", ""))
        request_id.set(bound)
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
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:
            if started:
                raise
            logger.exception("unexpected_error")
            await unexpected_error()(scope, receive, send_with_id)
