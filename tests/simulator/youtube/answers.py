"""How YouTube refuses, and what becomes of its answers where a test wants them spoiled."""

from starlette.responses import JSONResponse, Response

from tests.simulator.faults import Fault


def error(status: int, reason: str, words: str) -> Response:
    details = [{"domain": "youtube.video", "reason": reason, "message": words}]
    return JSONResponse({"error": {"code": status, "message": words, "errors": details}}, status)


def refused(fault: Fault, token: str) -> Response:
    match fault.kind:
        case "permission":
            return error(403, "forbidden", "The channel may not upload videos.")
        case "rate_limit":
            response = error(403, "rateLimitExceeded", "Too many requests.")
            response.headers["retry-after"] = str(fault.retry_after)
            return response
        case "expired_token":
            return error(401, "authError", f"Invalid Credentials ({token})")
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error(503, "backendError", "Backend Error")
        case _:
            return error(400, "invalidDescription", "The description is not allowed here.")


async def broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return JSONResponse({"kind": "youtube#video", "id": 5})
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return Response("<html>Bad gateway</html>", 502, media_type="text/html")
