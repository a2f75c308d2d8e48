"""API Gateway, imitated: routes from the template, requests as version 2.0 events."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

from runner.template import Function

_TEXT = re.compile(
    r"text/.*|application/(json|javascript|xml)|application/.+\+(json|xml)", re.IGNORECASE
)
"""What API Gateway hands over as text; everything else it encodes as base64."""


@dataclass(frozen=True, kw_only=True)
class Route:
    method: str
    path: str
    function: Function

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        parts = re.split(r"(\{[^}]+\})", self.path)
        return re.compile(
            "".join(_group(part) if part.startswith("{") else re.escape(part) for part in parts),
            re.DOTALL,
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
    return sorted(found, key=_specificity)


def _specificity(route: Route) -> tuple[bool, int, int, bool]:
    """A whole path before a greedy one, the longer prefix first, a named method before ANY."""
    variables = route.path.count("{")
    return route.path.endswith("+}"), -route.path.count("/"), variables, route.method == "ANY"


def _group(variable: str) -> str:
    name = variable.strip("{+}")
    return f"(?P<{name}>.+)" if variable.endswith("+}") else f"(?P<{name}>[^/]+)"


def match(candidates: Iterable[Route], method: str, path: str) -> Route | None:
    for route in candidates:
        if route.method in {"ANY", method} and route.pattern.fullmatch(path):
            return route
    return None


class RouteTable:
    """`match` for whoever asks often: whole paths are looked up, others tried by their method."""

    def __init__(self, candidates: Iterable[Route]) -> None:
        known = list(candidates)
        self._whole = {each.key: each for each in known if "{" not in each.path}
        self._others = [each for each in known if "{" in each.path]
        self._by_method: dict[str, list[Route]] = {
            method: [each for each in self._others if each.method in {"ANY", method}]
            for method in {each.method for each in known}
        }

    def match(self, method: str, path: str) -> Route | None:
        for named in (method, "ANY"):
            if (route := self._whole.get(f"{named} {path}")) is not None:
                return route
        return match(self._by_method.get(method, self._others), method, path)


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

    Shape: AWS, "Create AWS Lambda proxy integrations for HTTP APIs", payload format 2.0. An HTTP
    API decodes the path and Mangum decodes it once more, so ``%2541`` arrives as ``A``, here as
    there.
    """
    now = datetime.now(UTC)
    decoded_path = unquote(path)
    sent = {name.lower(): value for name, value in headers.items()}
    cookie = sent.pop("cookie", "")
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": decoded_path,
        "rawQueryString": query,
        "headers": sent,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "local",
            "domainName": sent.get("host", "localhost"),
            "domainPrefix": "local",
            "http": {
                "method": method,
                "path": decoded_path,
                "protocol": "HTTP/1.1",
                "sourceIp": source_ip,
                "userAgent": sent.get("user-agent", ""),
            },
            "requestId": request_id,
            "routeKey": route.key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": False,
    }
    if cookie:
        event["cookies"] = cookie.split("; ")
    found = route.pattern.fullmatch(decoded_path)
    if found is not None and found.groupdict():
        event["pathParameters"] = found.groupdict()
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    if parameters:
        event["queryStringParameters"] = parameters
    if body:
        event["body"], event["isBase64Encoded"] = _body(body, sent.get("content-type", ""))
    return event


def _body(body: bytes, content_type: str) -> tuple[str, bool]:
    media_type = content_type.partition(";")[0].strip()
    if _TEXT.fullmatch(media_type):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def response_of(result: Mapping[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body of what a function answered."""
    body = result.get("body") or ""
    content = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    headers = [(name, str(value)) for name, value in (result.get("headers") or {}).items()]
    headers += [("set-cookie", cookie) for cookie in result.get("cookies") or []]
    return int(result["statusCode"]), headers, content
