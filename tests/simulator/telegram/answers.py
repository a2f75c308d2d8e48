"""How the Bot API says no, and what becomes of its answers where a test wants that."""

import time
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.simulator.faults import Fault
from tests.simulator.rate_windows import RateWindow
from tests.simulator.world import Refusal


def refused(fault: Fault, window: RateWindow, token: str) -> Response:
    match fault.kind:
        case "permission":
            return error(403, "Forbidden: bot is not a member of the channel chat")
        case "rate_limit":
            return throttled(window, fault.retry_after)
        case "expired_token":
            return error(401, f"Unauthorized: {token}")
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error(500, "Internal Server Error")
        case _:
            return error(400, "Bad Request: message text is not allowed")


async def broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return JSONResponse({"ok": True, "result": {"date": 5}})
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return Response("<html>Bad gateway</html>", 502, media_type="text/html")


def throttled(window: RateWindow, retry_after: int | None = None) -> Response:
    """In the body alone, in whole seconds."""
    wait = retry_after or max(1, round(window.ends_at - time.time() + 0.5))
    words = f"Too Many Requests: retry after {wait}"
    return error(429, words, parameters={"retry_after": wait})


def bad(words: str) -> Refusal:
    return Refusal(error(400, f"Bad Request: {words}"))


def error(status: int, words: str, **more: Any) -> Response:
    told = {"ok": False, "error_code": status, "description": words, **more}
    return JSONResponse(told, status)
