"""The smallest client of an HTTP API that speaks JSON."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

_TIMEOUT = 30
_FIRST_REFUSAL = 400


class Unexpected(Exception):
    """The API refused what should have worked."""


class JsonClient:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._connection = HTTPConnection(parts.hostname, parts.port, timeout=_TIMEOUT)
        self.token: str | None = None

    def get(self, path: str) -> Any:
        return self._request("GET", path, None)

    def post(self, path: str, body: Any = None) -> Any:
        return self._request("POST", path, body)

    def _request(self, method: str, path: str, body: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        text = None if body is None else json.dumps(body)
        self._connection.request(method, path, text, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= _FIRST_REFUSAL:
            raise Unexpected(f"{method} {path} answered {answer.status}: {content.decode()}")
        return json.loads(content)
