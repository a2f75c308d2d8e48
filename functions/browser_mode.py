"""Sessions of browsers, whose tokens are in cookies that no script can read.

How cross-site requests are kept from acting for a person (CSRF; OWASP's "signed double-submit"):
cookies are `SameSite=Strict`, so another site's requests do not carry them. Whoever writes with a
cookie must come from our own origin or the front end's, where the browser names one, and must send
`X-CSRF-Token`: a keyed hash of the session, which signing in, refreshing and `GET /auth/csrf`
answer, and which no other site can read. Signing in to such a session, which has no token yet, asks
for the origin and for a JSON body, which no form of another site can send. `Authorization` wins
over a cookie: who sends it needs none of this, for no browser sends it by itself.
"""

import hmac
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from shared.identity.adapters.links import FrontendSettings
from shared.identity.application.ports import TokenPair
from shared.infrastructure.proofs import ACCESS_COOKIE
from shared.infrastructure.tokens import tokens
from shared.kernel.errors import PermissionDenied

REFRESH_COOKIE = "__Host-luxaris-refresh"
CSRF_HEADER = "X-CSRF-Token"

_SAFE = {"GET", "HEAD", "OPTIONS"}


def csrf_token(session_id: UUID) -> str:
    return tokens().keyed_hash(f"csrf:{session_id}")


def demand_no_forgery(request: Request, session_id: UUID) -> None:
    """Refuse what another site may have made a browser send with the session's cookie.

    Raises:
        PermissionDenied: `FORBIDDEN_ORIGIN`, `CSRF_TOKEN_MISSING` or `CSRF_TOKEN_INVALID`.
    """
    if request.method in _SAFE:
        return
    demand_own_origin(request)
    given = request.headers.get(CSRF_HEADER)
    if not given:
        raise PermissionDenied("CSRF_TOKEN_MISSING", f"With a cookie {CSRF_HEADER} is needed")
    if not hmac.compare_digest(given.encode(), csrf_token(session_id).encode()):
        raise PermissionDenied("CSRF_TOKEN_INVALID", "The CSRF token is not this session's")


def demand_own_origin(request: Request) -> None:
    """Refuse what a browser says comes from elsewhere; programs need not say.

    Raises:
        PermissionDenied: `FORBIDDEN_ORIGIN`.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return
    allowed = {FrontendSettings.read().origin, f"https://{request.url.netloc}"}
    if request.url.scheme == "http":
        allowed.add(f"http://{request.url.netloc}")
    if origin not in allowed:
        raise PermissionDenied("FORBIDDEN_ORIGIN", "This may not be asked from that site")


class FromOwnSite:
    """What each public route demands that opens a session in cookies: one of the two below.

    A test walks the routes and finds one on each. Without it another site could sign somebody in
    as somebody else.
    """

    def __init__(self, *, only_if_asked: bool) -> None:
        self._only_if_asked = only_if_asked

    async def __call__(self, request: Request) -> None:
        if not self._only_if_asked or await _asks_for_cookies(request):
            demand_own_origin(request)


async def _asks_for_cookies(request: Request) -> bool:
    """Whether the body says anything but false to `browser`, in whatever way it is understood."""
    try:
        said = await request.json()
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("browser", False) is not False


own_site: Any = Depends(FromOwnSite(only_if_asked=False))

own_site_if_asked: Any = Depends(FromOwnSite(only_if_asked=True))
"""Where `browser` in the body decides whether there will be cookies."""


def keep_in_cookies(response: Response, pair: TokenPair, *, refresh_seconds: int) -> None:
    _set(response, ACCESS_COOKIE, pair.access_token, pair.expires_in)
    _set(response, REFRESH_COOKIE, pair.refresh_token, refresh_seconds)


def forget_cookies(response: Response) -> None:
    _set(response, ACCESS_COOKIE, "", 0)
    _set(response, REFRESH_COOKIE, "", 0)


def _set(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="strict"
    )


async def _in_browser_mode(request: Request) -> bool:
    return ACCESS_COOKIE in request.cookies and "authorization" not in request.headers


FromBrowser = Annotated[bool, Depends(_in_browser_mode)]
"""Whether the request was proved by a cookie, so that new tokens belong in cookies, too."""
