"""The front door, as tests use it: a request goes through the template's route to the handler."""

import asyncio
import json as json_codec
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode
from weakref import finalize

from runner.gateway import Route, match, request_event, response_of


class _Loop(threading.local):
    """The event loop that Lambda's one thread has, here one for each thread that calls."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._close = finalize(threading.current_thread(), self.loop.close)


_of_thread = _Loop()


def keep_loop() -> None:
    """Give this thread its loop back, whoever set another or none since."""
    asyncio.set_event_loop(_of_thread.loop)


@dataclass(frozen=True, kw_only=True)
class ApiAnswer:
    status: int
    headers: Mapping[str, str]
    content: bytes
    set_cookies: tuple[str, ...] = ()

    @property
    def json(self) -> Any:
        return json_codec.loads(self.content)

    @property
    def codes(self) -> list[str]:
        """The error codes of an answer that is not a success."""
        return [error["error_code"] for error in self.json["errors"]]


class Api:
    """`token` is sent as a bearer token with every request; `as_user` gives a copy with one."""

    def __init__(self, routes: list[Route], token: str | None = None) -> None:
        self._routes = routes
        self._token = token

    def as_user(self, token: str) -> "Api":
        return Api(self._routes, token)

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes = b"",
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        source_ip: str = "127.0.0.1",
    ) -> ApiAnswer:
        """`path` is below ``/api/v1``; `content` is sent as it is where `json` is not given."""
        full_path = f"/api/v1{path}"
        route = match(self._routes, method, full_path)
        assert route is not None, f"template.yaml has no route for {method} {full_path}"
        sent = {"host": "testserver", "content-type": "application/json", **(headers or {})}
        if self._token is not None:
            sent["authorization"] = f"Bearer {self._token}"
        event = request_event(
            route,
            method=method,
            path=quote(full_path, safe="/%"),
            query=urlencode(query or {}),
            headers=sent,
            body=json_codec.dumps(json).encode() if json is not None else content,
            source_ip=source_ip,
            request_id="local",
        )
        keep_loop()
        status, answered, body = response_of(route.function.load()(event, None))
        return ApiAnswer(
            status=status,
            headers=dict(answered),
            content=body,
            set_cookies=tuple(value for name, value in answered if name == "set-cookie"),
        )

    def get(self, path: str, **query: Any) -> ApiAnswer:
        return self.request("GET", path, query=query)

    def post(self, path: str, json: Any = None, **arguments: Any) -> ApiAnswer:
        return self.request("POST", path, json=json, **arguments)

    def patch(self, path: str, json: Any) -> ApiAnswer:
        return self.request("PATCH", path, json=json)

    def delete(self, path: str, **query: Any) -> ApiAnswer:
        return self.request("DELETE", path, query=query)
