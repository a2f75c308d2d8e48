"""How WordPress says no, and what becomes of its answers where a test wants that."""

from starlette.responses import JSONResponse, Response

from tests.simulator.faults import Fault
from tests.simulator.world import Refusal


def refused(fault: Fault, secret: str) -> Response:
    match fault.kind:
        case "permission":
            words = "Sorry, you are not allowed to create posts as this user."
            return error(403, "rest_cannot_create", words)
        case "rate_limit":
            response = Response("Too Many Requests", 429)
            response.headers["Retry-After"] = str(fault.retry_after)
            return response
        case "expired_token":
            words = f"The provided password is an invalid application password: {secret}"
            return error(401, "incorrect_password", words)
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return Response("Error establishing a database connection", 503)
        case _:
            return error(400, "rest_invalid_param", "Invalid parameter(s): content")


async def broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return Response("<br /><b>Notice</b>: Undefined index {", 201)
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return Response("<html>Bad gateway</html>", 502, media_type="text/html")


def refusal(status: int, code: str, words: str) -> Refusal:
    return Refusal(error(status, code, words))


def error(status: int, code: str, words: str) -> Response:
    return JSONResponse({"code": code, "message": words, "data": {"status": status}}, status)
