"""Knowing a browser again that was sent elsewhere: it keeps a secret of ours in a cookie."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response

from shared.identity.domain.browser_binding import BrowserSecret

UNTOLD = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""What an address or an answer says goes into no cache and to no other site."""


def known(cookie: str) -> Callable[[Request], Awaitable[BrowserSecret | None]]:
    """A dependency: the secret that the browser has already, under that name."""

    async def secret(request: Request) -> BrowserSecret | None:
        return BrowserSecret.shown(request.cookies.get(cookie))

    return secret


def keep(response: Response, cookie: str, secret: str, *, seconds: int) -> None:
    """Have the browser keep its secret for so long; `Lax`, for it comes back from another site."""
    response.headers.update(UNTOLD)
    response.set_cookie(
        cookie, secret, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax"
    )
