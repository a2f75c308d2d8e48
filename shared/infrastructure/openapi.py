"""What the contract of a function can say by itself: names of operations, and refusals."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI  # noqa: TID251 whatever is included
from fastapi.routing import APIRoute

from shared.infrastructure.http_errors import ErrorsOut
from shared.infrastructure.proofs import security_schemes


def _header(kind: str, description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": kind}}


_REFUSALS: dict[HTTPStatus, dict[str, Any]] = {
    HTTPStatus.BAD_REQUEST: {
        "description": "Something in the request is wrong; all that is wrong is named"
    },
    HTTPStatus.UNAUTHORIZED: {
        "description": "Nobody proved who is asking",
        "headers": {"WWW-Authenticate": _header("string", "`Bearer`")},
    },
    HTTPStatus.FORBIDDEN: {
        "description": "The caller may not do this, or the thing belongs to somebody else"
    },
    HTTPStatus.NOT_FOUND: {"description": "There is no such thing; a malformed id is unknown"},
    HTTPStatus.CONFLICT: {"description": "The thing is not in a state for that"},
    HTTPStatus.PRECONDITION_FAILED: {
        "description": "The thing has changed since the caller has seen it: see `If-Match`"
    },
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: {"description": "This is more than is taken at once"},
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: {"description": "The body is not `application/json`"},
    HTTPStatus.TOO_MANY_REQUESTS: {
        "description": "Too often: try again later",
        "headers": {
            "Retry-After": _header("integer", "Seconds until it may be tried again"),
            "RateLimit-Limit": _header("integer", "How often it may be tried"),
            "RateLimit-Remaining": _header("integer", "How often it may still be tried: 0"),
            "RateLimit-Reset": _header("integer", "Seconds until it may be tried as often again"),
        },
    },
    HTTPStatus.BAD_GATEWAY: {"description": "A service this needs does not do its part"},
    HTTPStatus.SERVICE_UNAVAILABLE: {"description": "A service this needs is down: try later"},
}


def _optional(name: str, kind: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, **_header(kind, description)}


SESSION_VERSION = _optional(
    "X-Session-Version",
    "integer",
    "The session_version that the login answered; of another session: 401 `SESSION_KICKED`",
)
CSRF_TOKEN = _optional(
    "X-CSRF-Token",
    "string",
    "The csrf_token of the browser's session; needed where a cookie proves who is asking",
)


def refuses(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: what cannot be told from its signature."""
    return {status.value: {"model": ErrorsOut, **_REFUSALS[status]} for status in statuses}


def operation_id(route: APIRoute) -> str:
    """``posts_create``: its tag and the function's name."""
    return "_".join([*map(str, route.tags[:1]), route.name.strip("_")])


DEFAULT_RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {"model": ErrorsOut, "description": "What went wrong, all of it at once"}
}


class DocumentedApp(FastAPI):
    """An application whose operations say how they refuse, each in the shape of `default`."""

    def include_router(self, router: APIRouter, **settings: Any) -> None:
        """Take over its routes, those it has by now, where nothing is to be added to them.

        One that is included otherwise is asked for a route twice at each request.
        """
        if settings:
            super().include_router(router, **settings)
        else:
            self.router.routes.extend(router.routes)

    def openapi(self) -> dict[str, Any]:
        is_new = self.openapi_schema is None
        contract = super().openapi()
        if is_new:
            for path, operations in contract["paths"].items():
                for method, operation in operations.items():
                    _summarise(operation)
                    _add_refusals(path, operation)
                    _add_headers(method, operation)
                    if "security" in operation:
                        contract["components"]["securitySchemes"] = security_schemes()
        return contract


def _summarise(operation: dict[str, Any]) -> None:
    """The first line of a route's docstring, which FastAPI takes as a whole for a description."""
    summary, _, rest = operation.pop("description", "").partition("\n")
    if summary:
        operation["summary"] = summary.removesuffix(".")
    if rest.strip():
        operation["description"] = rest.strip()


def _add_refusals(path: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    anything = responses.pop("default")
    for status in _refusals(path, operation):
        responses.setdefault(str(status.value), {**anything, **_REFUSALS[status]})
    operation["responses"] = dict(sorted(responses.items())) | {"default": anything}


def _add_headers(method: str, operation: dict[str, Any]) -> None:
    """What whoever is signed in may send along, wherever that is who the operation is for."""
    schemes = {scheme for way in operation.get("security", []) for scheme in way}
    parameters = operation.get("parameters", [])
    if "access_token" in schemes:
        parameters = [*parameters, SESSION_VERSION]
    if "access_cookie" in schemes and method not in {"get", "head", "options"}:
        parameters = [*parameters, CSRF_TOKEN]
    if parameters:
        operation["parameters"] = parameters


def _refusals(path: str, operation: dict[str, Any]) -> Iterator[HTTPStatus]:
    """What an operation's shape tells about how it may refuse."""
    places = {parameter["in"] for parameter in operation.get("parameters", [])}
    if "requestBody" in operation:
        yield HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if "requestBody" in operation or "query" in places:
        yield HTTPStatus.BAD_REQUEST
    if "security" in operation:
        yield HTTPStatus.UNAUTHORIZED
        yield HTTPStatus.FORBIDDEN
    if "_id}" in path:
        yield HTTPStatus.NOT_FOUND
    yield HTTPStatus.SERVICE_UNAVAILABLE
