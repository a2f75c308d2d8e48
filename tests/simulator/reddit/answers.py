"""How Reddit answers, when all is well and when it is not."""

from typing import Any

from starlette.responses import JSONResponse, Response

from tests.simulator.faults import Fault
from tests.simulator.rate_windows import RateWindow


def done(data: Any, window: RateWindow) -> Response:
    return JSONResponse({"json": {"errors": [], "data": data}}, headers=rate_headers(window))


def errors(code: str, words: str, field: str) -> Response:
    """A refusal, which has the status of a success."""
    return JSONResponse({"json": {"errors": [[code, words, field]]}})


def error(status: int, words: str, **more: str) -> Response:
    return JSONResponse({"message": words, "error": status, **more}, status)


def rate_headers(window: RateWindow) -> dict[str, str]:
    window.turn()
    return {
        "x-ratelimit-used": str(window.used),
        "x-ratelimit-remaining": f"{window.remaining}.0",
        "x-ratelimit-reset": str(window.seconds),
    }


def throttled(window: RateWindow, retry_after: int | None = None) -> Response:
    response = error(429, "Too Many Requests")
    response.headers.update(rate_headers(window))
    response.headers["x-ratelimit-remaining"] = "0.0"
    if retry_after is not None:
        response.headers["x-ratelimit-reset"] = str(retry_after)
    return response


def refused(fault: Fault, window: RateWindow, token: str) -> Response:
    match fault.kind:
        case "permission":
            return error(403, "Forbidden", reason="private")
        case "rate_limit":
            return throttled(window, fault.retry_after)
        case "expired_token":
            return error(401, f"Unauthorized ({token})")
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error(503, "Service Unavailable")
        case _:
            return errors("BAD_TEXT", "this text is not allowed here", "text")


async def broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return JSONResponse({"json": {"errors": [], "data": 5}})
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return Response("<html>our CDN was unable to reach our servers</html>", 502)
