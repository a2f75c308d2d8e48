"""How the networks of Meta refuse, and what becomes of their answers where a test wants it so."""

import json
from math import ceil
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.simulator.faults import Fault
from tests.simulator.world import Refusal


def error(
    status: int, code: int, words: str, subcode: int | None = None, user_words: str = ""
) -> Response:
    told: dict[str, Any] = {
        "message": words,
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "A6LJylpZRKw2xKLFsAP-cJh",
    }
    if subcode is not None:
        told |= {"error_subcode": subcode, "is_transient": False}
    if user_words:
        told |= {"error_user_title": "Something is wrong", "error_user_msg": user_words}
    return JSONResponse({"error": told}, status)


def refusal(
    code: int, words: str, subcode: int | None = None, *, status: int = 400, user_words: str = ""
) -> Refusal:
    return Refusal(error(status, code, words, subcode, user_words))


def no_such_object(identifier: str) -> Refusal:
    words = (
        f"Unsupported get request. Object with ID '{identifier}' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation."
    )
    return refusal(100, words, 33)


def throttled(account: str, code: int, words: str, seconds: int) -> Response:
    """By a business use case, which tells in whole minutes when it is over."""
    answer = error(400, code, words)
    usage = {
        account: [
            {
                "type": "pages",
                "call_count": 100,
                "total_cputime": 25,
                "total_time": 25,
                "estimated_time_to_regain_access": ceil(seconds / 60),
            }
        ]
    }
    answer.headers["x-business-use-case-usage"] = json.dumps(usage)
    return answer


def refused(fault: Fault, account: str, token: str) -> Response:
    match fault.kind:
        case "permission":
            words = "(#10) Application does not have permission for this action"
            return error(403, 10, words)
        case "rate_limit":
            return throttled(
                account, 4, "(#4) Application request limit reached", fault.retry_after
            )
        case "expired_token":
            words = f"Error validating access token: Session has expired ({token})"
            return error(400, 190, words, 463)
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error(500, 2, "Service temporarily unavailable")
        case _:
            return error(400, 100, "(#100) Invalid parameter", 1404102, "This is not allowed here")


async def broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return JSONResponse({"success": "perhaps"})
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return error(500, 1, "An unknown error occurred")
