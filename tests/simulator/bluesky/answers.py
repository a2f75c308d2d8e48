"""How a PDS refuses, and what it says of its limits (`xrpc-server`)."""

import time

from starlette.responses import JSONResponse, Response

from tests.simulator.rate_windows import RateWindow


def error(status: int, name: str, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": name, "message": message}, status, headers=headers)


def throttled(window: RateWindow, retry_after: int | None = None) -> Response:
    """By a window of the account's, or by another limit that says when to come back.

    What is left may be too little for this call and yet not nothing; a refusal says nothing.
    """
    told = {**rate_headers(window), "RateLimit-Remaining": "0"}
    if retry_after is not None:
        told["Retry-After"] = str(retry_after)
        told["RateLimit-Reset"] = str(int(time.time() + retry_after))
    return error(429, "RateLimitExceeded", "Rate Limit Exceeded", told)


def rate_headers(window: RateWindow) -> dict[str, str]:
    window.turn()
    return {
        "RateLimit-Limit": str(window.limit),
        "RateLimit-Remaining": str(window.remaining),
        "RateLimit-Reset": str(int(window.ends_at)),
        "RateLimit-Policy": f"{window.limit};w={window.seconds}",
    }
