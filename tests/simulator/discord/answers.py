"""How Discord answers when it refuses, and what becomes of its answers where a test wants that."""

import time
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.simulator.faults import Fault
from tests.simulator.rate_windows import RateWindow


def refused(fault: Fault, window: RateWindow, token: str) -> Response:
    match fault.kind:
        case "permission":
            return error(403, 50013, "Missing Permissions")
        case "rate_limit":
            return throttled(window, fault.retry_after)
        case "expired_token":
            return error(401, 0, f"401: Unauthorized ({token})")
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error(503, 130000, "API resource is currently overloaded. Try again later")
        case _:
            return error(400, 200000, "Message was blocked by automatic moderation")


async def broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return JSONResponse({"content": "Without an id"})
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return Response("<html>Bad gateway</html>", 502, media_type="text/html")


def throttled(window: RateWindow, retry_after: float | None = None) -> Response:
    """By the channel's own window, or by a limit of all there is."""
    is_global = retry_after is not None
    wait = window.ends_at - time.time() if retry_after is None else retry_after
    told = {**rate_headers(window), "X-RateLimit-Remaining": "0"}
    told["Retry-After"] = str(max(1, round(wait + 0.5)) if retry_after is None else retry_after)
    told["X-RateLimit-Scope"] = "global" if is_global else "user"
    body = {
        "message": "You are being rate limited.",
        "retry_after": round(wait, 3),
        "global": is_global,
    }
    return JSONResponse(body, 429, headers=told)


def rate_headers(window: RateWindow) -> dict[str, str]:
    window.turn()
    return {
        "X-RateLimit-Limit": str(window.limit),
        "X-RateLimit-Remaining": str(window.remaining),
        "X-RateLimit-Reset": f"{window.ends_at:.3f}",
        "X-RateLimit-Reset-After": f"{window.ends_at - time.time():.3f}",
        "X-RateLimit-Bucket": "abcd1234",
    }


def invalid(field: str, code: str, words: str) -> Response:
    """A body that is wrong in a field, which may be one within another."""
    errors: dict[str, Any] = {"_errors": [{"code": code, "message": words}]}
    for name in reversed(field.split(".")):
        errors = {name: errors}
    return JSONResponse({"code": 50035, "message": "Invalid Form Body", "errors": errors}, 400)


def error(status: int, code: int, words: str) -> Response:
    return JSONResponse({"message": words, "code": code}, status)
