"""How Pinterest refuses, and what becomes of its answers where a test wants them spoiled."""

from starlette.responses import JSONResponse, Response

from tests.simulator.faults import Fault
from tests.simulator.rate_windows import RateWindow


def error(status: int, code: int, words: str) -> Response:
    return JSONResponse({"code": code, "message": words}, status)


def rate_headers(window: RateWindow) -> dict[str, str]:
    window.turn()
    return {
        "x-ratelimit-limit": f"{window.limit}, {window.limit};w={window.seconds}",
        "x-ratelimit-remaining": str(window.remaining),
        "x-ratelimit-reset": str(window.seconds),
    }


def throttled(window: RateWindow, retry_after: int | None = None) -> Response:
    response = error(429, 8, "You have exceeded your rate limit. Try again later.")
    response.headers.update(rate_headers(window))
    response.headers["x-ratelimit-remaining"] = "0"
    if retry_after is not None:
        response.headers["x-ratelimit-reset"] = str(retry_after)
    return response


def refused(fault: Fault, window: RateWindow, token: str) -> Response:
    match fault.kind:
        case "permission":
            return error(403, 7, "You are not permitted to access that resource.")
        case "rate_limit":
            return throttled(window, fault.retry_after)
        case "expired_token":
            return error(401, 2, f"Authentication failed. ({token})")
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error(503, 0, "Service unavailable")
        case _:
            return error(400, 1, "The description is not allowed here")


async def broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return JSONResponse({"id": 5, "media_id": None}, 201)
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return Response("upstream connect error", 502, media_type="text/plain")
