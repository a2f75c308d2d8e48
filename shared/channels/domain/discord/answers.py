"""How Discord refuses: by a code of its own, and field by field where the body is wrong.

Sources: discord.com/developers/docs (opcodes and status codes, rate limits, error messages).
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from shared.channels.domain import network_answers
from shared.channels.domain.provider import Answer, ErrorClass, ProviderError, Refused

_BY_CODE: dict[int, tuple[ErrorClass, str]] = {
    10003: (ErrorClass.PERMISSION, "CHANNEL_MISSING"),
    10004: (ErrorClass.PERMISSION, "GUILD_MISSING"),
    10008: (ErrorClass.CONTENT, "PARENT_MISSING"),
    20009: (ErrorClass.CONTENT, "CONTENT_EXPLICIT"),
    20016: (ErrorClass.RATE_LIMIT, "SLOW_MODE"),
    20028: (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
    30015: (ErrorClass.MEDIA, "MEDIA_TOO_MANY"),
    40001: (ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED"),
    40002: (ErrorClass.AUTHENTICATION, "ACCOUNT_UNVERIFIED"),
    40005: (ErrorClass.MEDIA, "MEDIA_TOO_LARGE"),
    40006: (ErrorClass.PLATFORM, "FEATURE_DISABLED"),
    40058: (ErrorClass.CONTENT, "CHANNEL_UNSUITABLE"),
    40062: (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
    50001: (ErrorClass.PERMISSION, "ACCESS_MISSING"),
    50006: (ErrorClass.CONTENT, "CONTENT_EMPTY"),
    50008: (ErrorClass.CONTENT, "CHANNEL_UNSUITABLE"),
    50013: (ErrorClass.PERMISSION, "NOT_PERMITTED"),
    50024: (ErrorClass.CONTENT, "CHANNEL_UNSUITABLE"),
    50045: (ErrorClass.MEDIA, "MEDIA_TOO_LARGE"),
    50046: (ErrorClass.MEDIA, "MEDIA_REFUSED"),
    50083: (ErrorClass.PERMISSION, "THREAD_ARCHIVED"),
    130000: (ErrorClass.PLATFORM, "OVERLOADED"),
    160002: (ErrorClass.PERMISSION, "HISTORY_UNREADABLE"),
    200000: (ErrorClass.CONTENT, "MODERATED"),
    240000: (ErrorClass.CONTENT, "LINK_BLOCKED"),
}
_UNKNOWN_PARENT = "REPLIES_UNKNOWN_MESSAGE"


def error_of(answer: Answer) -> ProviderError:
    """The error of an answer that is not a success; from 500 on none of its codes is believed."""
    body = _body(answer)
    problems = dict(_problems(body.get("errors"), ""))
    words = ": ".join([str(body.get("message") or f"HTTP {answer.status}"), *problems.values()])
    is_refusal = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    if is_refusal and any(_UNKNOWN_PARENT in place for place in problems):
        return Refused(ErrorClass.CONTENT, "PARENT_MISSING", words)
    if is_refusal and any(place.startswith("attachments") for place in problems):
        return Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
    known = _BY_CODE.get(body["code"]) if isinstance(body.get("code"), int) else None
    if known and is_refusal:
        wait = network_answers.wait_asked_for(answer.headers, answer.received_at)
        return Refused(*known, words, retry_after=wait if _passes(known[0]) else None)
    return network_answers.error_of(answer, words)


def _passes(error_class: ErrorClass) -> bool:
    return error_class in {ErrorClass.RATE_LIMIT, ErrorClass.PLATFORM}


def _problems(errors: object, place: str) -> Iterator[tuple[str, str]]:
    """Each with its place and code, such as ``content.BASE_TYPE_MAX_LENGTH``, and its words."""
    if not isinstance(errors, dict):
        return
    for name, inner in errors.items():
        if name != "_errors":
            yield from _problems(inner, f"{place}{name}.")
        elif isinstance(inner, list):
            for one in inner:
                if isinstance(one, dict):
                    yield f"{place}{one.get('code')}", str(one.get("message"))


def _body(answer: Answer) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
