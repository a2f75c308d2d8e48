"""How a Mastodon server answers, when all is well and when it is not."""

import time
from datetime import UTC, datetime

from starlette.responses import JSONResponse, Response

from tests.simulator.faults import Fault
from tests.simulator.mastodon.entities import Account


def refused(fault: Fault, account: Account) -> Response:
    match fault.kind:
        case "permission":
            return error(403, "This action is outside the authorized scopes")
        case "rate_limit":
            return throttled(account, fault.retry_after)
        case "expired_token":
            return error(401, f"The access token expired ({account.token})")
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error(503, "There was a temporary problem serving your request")
        case _:
            return error(422, "Validation failed: Text is not allowed here")


async def broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return Response('{"id": ', media_type="application/json")
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return Response("<html>Bad gateway</html>", 502, media_type="text/html")


def throttled(account: Account, retry_after: int | None = None) -> Response:
    """By the account's own window, or by another limit that says when to come back."""
    told = {**rate_headers(account), "X-RateLimit-Remaining": "0"}
    if retry_after is not None:
        told["Retry-After"] = str(retry_after)
        told["X-RateLimit-Reset"] = _reset(time.time() + retry_after)
    return JSONResponse({"error": "Too many requests"}, 429, headers=told)


def rate_headers(account: Account) -> dict[str, str]:
    account.posts.turn()
    return {
        "X-RateLimit-Limit": str(account.posts.limit),
        "X-RateLimit-Remaining": str(account.posts.remaining),
        "X-RateLimit-Reset": _reset(account.posts.ends_at),
    }


def _reset(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def error(status: int, words: str) -> Response:
    return JSONResponse({"error": words}, status)
