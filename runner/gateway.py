"""API Gateway, imitated: routes from the template, requests as version 2.0 events."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from runner.template import Function


@dataclass(frozen=True, kw_only=True)
class Route:
    method: str
    path: str
    function: Function

    @property
    def pattern(self) -> re.Pattern[str]:
        parts = re.split(r"(\{[^}]+\})", self.path)
        return re.compile(
            "".join(
                (".+" if part.endswith("+}") else "[^/]+")
                if part.startswith("{")
                else re.escape(part)
                for part in parts
            )
        )

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"


def routes(functions: Iterable[Function]) -> list[Route]:
    """Every route of the template, most specific first, as API Gateway chooses."""
    found = [
        Route(
            method=trigger.properties["Method"],
            path=trigger.properties["Path"],
            function=function,
        )
        for function in functions
        for trigger in function.of_kind("HttpApi")
    ]
    return sorted(found, key=lambda route: (route.path.endswith("+}"), -len(route.path)))


def match(candidates: Iterable[Route], method: str, path: str) -> Route | None:
    for route in candidates:
        if route.method in {"ANY", method} and route.pattern.fullmatch(path):
            return route
    return None


def request_event(
    route: Route,
    *,
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    body: bytes,
    source_ip: str,
    request_id: str,
) -> dict[str, Any]:
    """The event API Gateway would send; `path` and `query` are as they were on the wire.

    Shape: AWS, "Create AWS Lambda proxy integrations for HTTP APIs", payload format 2.0.
    """
    now = datetime.now(UTC)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": unquote(path),
        "rawQueryString": query,
        "headers": {name.lower(): value for name, value in headers.items()},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "local",
            "domainName": headers.get("host", "localhost"),
            "domainPrefix": "local",
            "http": {
                "method": method,
                "path": unquote(path),
                "protocol": "HTTP/1.1",
                "sourceIp": source_ip,
                "userAgent": headers.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": route.key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    if parameters:
        event["queryStringParameters"] = parameters
    if body:
        try:
            event["body"] = body.decode()
        except UnicodeDecodeError:
            event["body"] = base64.b64encode(body).decode()
            event["isBase64Encoded"] = True
    return event


def response_of(result: Mapping[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body of what a function answered."""
    body = result.get("body") or ""
    content = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    headers = [(name, str(value)) for name, value in (result.get("headers") or {}).items()]
    headers += [("set-cookie", cookie) for cookie in result.get("cookies") or []]
    return int(result["statusCode"]), headers, content
