"""How TikTok answers, when all is well and when it is not."""

import secrets
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.simulator.faults import Fault


def told(data: dict[str, Any]) -> Response:
    return JSONResponse({"data": data, "error": _error("ok", "")})


def error(status: int, code: str, words: str) -> Response:
    return JSONResponse({"data": {}, "error": _error(code, words)}, status)


def refused(fault: Fault, token: str) -> Response:
    match fault.kind:
        case "permission":
            return error(401, "scope_not_authorized", "The scope is not authorized.")
        case "rate_limit":
            return error(429, "rate_limit_exceeded", "The API rate limit was exceeded.")
        case "expired_token":
            return error(401, "access_token_invalid", f"The access token is invalid ({token}).")
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error(500, "internal_error", "Something went wrong.")
        case _:
            return error(200, "invalid_params", "The text is not allowed here.")


async def broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return JSONResponse({"data": {"publish_id": None}, "error": _error("ok", "")}, 201)
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return Response("upstream connect error", 502, media_type="text/plain")


def _error(code: str, words: str) -> dict[str, str]:
    return {"code": code, "message": words, "log_id": secrets.token_hex(17).upper()}
