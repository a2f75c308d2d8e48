"""A case that schemathesis thinks up, carried through the front door and back."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import schemathesis
from requests import Request
from schemathesis.core.transport import Response

from runner.gateway import Route, match, request_event, response_of
from runner.template import Function
from tests.api import keep_loop

_HOST = "http://testserver"
_PROOFS = {"authorization", "x-api-key", "cookie", "x-session-version", "host"}
"""What a case may think up only where nobody in particular is asking."""


def operations(function: Function) -> Iterator[Any]:
    """Those of one function, as its contract describes them."""
    contract = deepcopy(import_module(function.module).app.openapi())
    schema: Any = schemathesis.openapi.from_dict(contract)
    for found in schema.get_all_operations():
        yield found.ok()


def carry(routes: list[Route], case: Any, proof: Mapping[str, str]) -> Response:
    """What the function answers to the case, sent by whoever has the proof."""
    prepared = Request(**case.as_transport_kwargs(base_url=_HOST)).prepare()
    headers = {
        name.lower(): value if isinstance(value, str) else value.decode("latin-1")
        for name, value in prepared.headers.items()
        if not proof or name.lower() not in _PROOFS
    }
    headers |= {name.lower(): value for name, value in proof.items()} | {"host": "testserver"}
    url = urlsplit(str(prepared.url))
    method = str(prepared.method)
    route = match(routes, method, url.path)
    if route is None:  # an id with a slash in it, or none at all
        return _refused_by_the_gateway(prepared)
    body = prepared.body or b""
    event = request_event(
        route,
        method=method,
        path=url.path,
        query=url.query,
        headers=headers,
        body=body.encode() if isinstance(body, str) else body,
        source_ip="127.0.0.1",
        request_id="local",
    )
    keep_loop()
    status, answered, content = response_of(route.function.load()(event, None))
    return _response(prepared, status, answered, content)


def _refused_by_the_gateway(prepared: Any) -> Response:
    content = b'{"errors":[{"error_code":"ROUTE_NOT_FOUND","error_description":"",'
    content += b'"error_severity":"error"}],"request_id":"local"}'
    return _response(prepared, 404, [("content-type", "application/json")], content)


def _response(
    prepared: Any, status: int, headers: list[tuple[str, str]], content: bytes
) -> Response:
    told: dict[str, list[str]] = {}
    for name, value in headers:
        told.setdefault(name.lower(), []).append(value)
    return Response(
        status_code=status,
        headers=told,
        content=content,
        request=prepared,
        elapsed=0.1,
        verify=False,
    )
