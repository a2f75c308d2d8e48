"""How LinkedIn refuses, and what becomes of its answers where a test wants them spoiled."""

from typing import Any

from starlette.responses import JSONResponse, Response

from tests.simulator.faults import Fault


def refused(fault: Fault, token: str) -> Response:
    match fault.kind:
        case "permission":
            return error(403, "ACCESS_DENIED", "Not enough permissions to access: posts.CREATE")
        case "rate_limit":
            return error(429, "TOO_MANY_REQUESTS", "Too many requests")
        case "expired_token":
            words = f"The token used in the request has expired ({token})"
            return error(401, "EXPIRED_ACCESS_TOKEN", words, 65602)
        case "status_before_accepting":
            return fault.bare_answer()
        case "server_error_before":
            return error(503, "SERVICE_UNAVAILABLE", "Service Unavailable")
        case _:
            words = "ERROR :: /commentary :: is not allowed here"
            return error(422, "INPUT_VALIDATION_ERROR", words)


async def broken(fault: Fault) -> Response:
    """Answers of calls that were accepted."""
    if fault.kind == "malformed":
        return Response(status_code=201, headers={"x-restli-id": "what is this"})
    if fault.kind == "status_after_accepting":
        return fault.bare_answer()
    if fault.kind == "hang_after_accepting":
        await fault.hang()
    return error(500, "INTERNAL_SERVER_ERROR", "Internal Server Error")


def throttled() -> Response:
    """By the day's limit of a member, which ends at midnight and does not say so."""
    words = "Resource level throttle MEMBER DAY limit for calls to this resource is reached."
    return error(429, "TOO_MANY_REQUESTS", words, 101)


def duplicate(urn: str) -> Response:
    words = f"com.linkedin.content.common.exception: Content is a duplicate of {urn}"
    errors = [{"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}]
    body = {
        "errorDetailType": "com.linkedin.common.error.BadRequest",
        "message": words,
        "errorDetails": {"inputErrors": errors},
        "status": 422,
    }
    return JSONResponse(body, 422)


def error(status: int, code: str, words: str, service_code: int | None = None) -> Response:
    told: dict[str, Any] = {"message": words, "status": status, "code": code}
    if service_code is not None:
        told["serviceErrorCode"] = service_code
    return JSONResponse(told, status)
