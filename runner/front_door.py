"""The front door: a request becomes an API Gateway event for the function of its route."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote
from uuid import uuid4

from runner.containers import Pool
from runner.gateway import Route, RouteTable, request_event, response_of
from shared.infrastructure.logging import honoured_id, request_id
from shared.infrastructure.security_headers import HEADERS

logger = logging.getLogger(__name__)

MAXIMUM_BODY = 10 * 1024 * 1024
"""Bytes; API Gateway's own limit for HTTP APIs."""

_POLICY = "Content-Security-Policy"
_HEADERS_BY_HTTP = {**HEADERS, _POLICY: HEADERS[_POLICY].removesuffix(";upgrade-insecure-requests")}
"""Where nobody speaks TLS, scripts asked for by https never come."""

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Page:
    """Something the runner answers by itself, beside the functions."""

    content_type: str
    content: bytes
    location: str | None = None


class Pages(Protocol):
    def get(self, path: str, /) -> Page | None: ...


class FrontDoor:
    """An ASGI application over the functions' routes and the runner's own pages."""

    def __init__(
        self,
        routes: Iterable[Route],
        pools: Mapping[str, Pool],
        pages: Pages,
    ) -> None:
        self._routes = RouteTable(routes)
        self._pools = pools
        self._pages = pages

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        began_at = time.monotonic()
        headers = _combined(scope["headers"])
        status, answered, body = await self._answer(scope, headers, receive)
        if not any(name == "content-length" for name, _ in answered):
            answered.append(("content-length", str(len(body))))
        request_id.set(dict(answered).get("x-request-id", ""))
        logger.info(
            "request_served",
            extra={
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "milliseconds": round((time.monotonic() - began_at) * 1000),
            },
        )
        raw = [(name.encode(), value.encode()) for name, value in answered]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    async def _answer(
        self, scope: Mapping[str, Any], headers: dict[str, str], receive: Receive
    ) -> Answer:
        method, raw_path = scope["method"], scope["raw_path"].decode("ascii")
        path = unquote(raw_path)
        request_id = honoured_id(headers.get("x-request-id", ""))
        body = await _read(receive)
        if body is None:
            words = f"A body may have {MAXIMUM_BODY} bytes"
            return _problem(413, "PAYLOAD_TOO_LARGE", words, request_id)
        if (page := await self._page(path)) is not None:
            return _page(page, method, request_id, scheme=scope["scheme"])
        if (route := self._routes.match(method, path)) is None:
            words = f"Route {method} {path} not found"
            return _problem(404, "ROUTE_NOT_FOUND", words, request_id)
        client, _ = scope["client"] or ("127.0.0.1", 0)
        event = request_event(
            route,
            method=method,
            path=raw_path,
            query=scope["query_string"].decode("latin-1"),
            headers=_forwarded(headers, client, scope["server"][1]),
            body=body,
            source_ip=client,
            request_id=str(uuid4()),
        )
        return await self._invoke(route, event, request_id)

    async def _page(self, path: str) -> Page | None:
        """Some are made when asked for, from what may be slow or away: others are not to wait."""
        if path.startswith("/dev"):
            return await asyncio.to_thread(self._pages.get, path)
        return self._pages.get(path)

    async def _invoke(self, route: Route, event: dict[str, Any], request_id: str) -> Answer:
        pool = self._pools[route.function.name]
        try:
            answer = asyncio.wrap_future(pool.submit(event))
            return response_of(await asyncio.wait_for(answer, route.function.timeout))
        except TimeoutError:
            words = f"{route.function.name} did not answer within {route.function.timeout} s"
            return _problem(503, "SERVICE_UNAVAILABLE", words, request_id)
        except Exception:  # noqa: BLE001 the container has logged it
            words = "Something went wrong on our side"
            return _problem(500, "INTERNAL_SERVER_ERROR", words, request_id)


def _combined(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name; one that is sent twice is joined by a comma, as API Gateway does."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), _text(raw_value)
        separator = "; " if name == "cookie" else ","
        headers[name] = f"{headers[name]}{separator}{value}" if name in headers else value
    return headers


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _forwarded(headers: Mapping[str, str], client: str, port: int) -> dict[str, str]:
    """Add what API Gateway tells about the connection; who calls cannot pretend otherwise."""
    before = headers.get("x-forwarded-for")
    return {
        **headers,
        "x-forwarded-for": f"{before},{client}" if before else client,
        "x-forwarded-port": str(port),
        "x-forwarded-proto": "http",
    }


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or `None` where it is too long.

    The rest is read all the same, so that who sends it gets to the answer.
    """
    body, length, more = bytearray(), 0, True
    while more:
        message = await receive()
        chunk: bytes = message.get("body", b"")
        length += len(chunk)
        if length <= MAXIMUM_BODY:
            body += chunk
        more = message.get("more_body", False)
    return bytes(body) if length <= MAXIMUM_BODY else None


def _page(page: Page, method: str, request_id: str, *, scheme: str) -> Answer:
    if method not in {"GET", "HEAD"}:
        status, headers, body = _problem(
            405, "METHOD_NOT_ALLOWED", "Method Not Allowed", request_id
        )
        return status, [*headers, ("allow", "GET, HEAD")], body
    if page.location is not None:
        return 307, [("location", page.location)], b""
    policies = HEADERS if scheme == "https" else _HEADERS_BY_HTTP
    return 200, [("content-type", page.content_type), *policies.items()], page.content


def _problem(status: int, code: str, words: str, request_id: str) -> Answer:
    # Here, for FastAPI comes with it, which takes as much memory as all the rest of the runner.
    from shared.infrastructure.http_errors import ErrorOut, ErrorsOut

    problem = ErrorOut(error_code=code, error_description=words, error_severity="error")
    body = ErrorsOut(errors=[problem], request_id=request_id).model_dump_json(exclude_none=True)
    headers = [("content-type", "application/json"), ("x-request-id", request_id)]
    return status, headers, body.encode()
