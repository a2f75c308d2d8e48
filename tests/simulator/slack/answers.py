"""How Slack says no: by 200, mostly; and what becomes of its answers where a test wants that."""

import time
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.simulator.faults import Fault
from tests.simulator.rate_windows import RateWindow
from tests.simulator.world import Refusal


def refused(fault: Fault, window: RateWindow, token: str) -> Response:
    match fault.kind:
        case "permission":
            return error("missing_scope", needed="chat:write", provided="users:read")
        case "rate_limit":
            return throttled(window, fault.retry_after)
        case "expired_token":
            return error("token_revoked", needed=token)
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error("internal_error")
        case _:
            return error("invalid_arguments")


async def broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return JSONResponse({"ok": True, "warning": "missing_charset"})
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return Response("<html>Bad gateway</html>", 502, media_type="text/html")


def throttled(window: RateWindow, retry_after: int | None = None) -> Response:
    wait = retry_after or max(1, round(window.ends_at - time.time() + 0.5))
    body = {"ok": False, "error": "ratelimited"}
    return JSONResponse(body, 429, headers={"Retry-After": str(wait)})


def no(word: str, **more: Any) -> Refusal:
    return Refusal(error(word, **more))


def error(word: str, **more: Any) -> Response:
    return JSONResponse({"ok": False, "error": word, **more})
