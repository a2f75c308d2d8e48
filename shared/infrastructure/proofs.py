"""What shows who is asking: how it is taken out of a request, and what the contract says of it."""

from typing import Any, NamedTuple

from fastapi import Request
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

ACCESS_COOKIE = "__Host-luxaris-access"

_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name="access_token",
    description="The access token of POST /api/v1/auth/login",
)
_API_KEY = APIKeyHeader(
    name="X-API-Key",
    auto_error=False,
    scheme_name="api_key",
    description="A key of POST /api/v1/api-keys; it may be sent as a bearer token as well",
)
_COOKIE = APIKeyCookie(
    name=ACCESS_COOKIE,
    auto_error=False,
    scheme_name="access_cookie",
    description="Set by a login with `browser: true`; whoever writes sends `X-CSRF-Token` with it",
)
_SCHEMES = (_BEARER, _API_KEY, _COOKIE)

SECURITY: list[dict[str, list[str]]] = [{each.scheme_name: []} for each in _SCHEMES]
"""Of an operation, in the contract: any of them opens it."""


class Proofs(NamedTuple):
    """Whatever a request shows, unproved."""

    bearer: HTTPAuthorizationCredentials | None
    api_key: str | None
    cookie: str | None


async def shown(request: Request) -> Proofs:
    """Not asked of FastAPI as dependencies, which would take longer than to prove them."""
    return Proofs(await _BEARER(request), await _API_KEY(request), await _COOKIE(request))


def security_schemes() -> dict[str, Any]:
    """Of a contract, by the names that `SECURITY` has."""
    return {
        each.scheme_name: each.model.model_dump(mode="json", by_alias=True, exclude_none=True)
        for each in _SCHEMES
    }
