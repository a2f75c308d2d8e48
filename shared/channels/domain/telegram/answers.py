"""How Telegram's Bot API answers: `ok` or not, whatever the status of HTTP.

Sources: core.telegram.org/bots/api (making requests, ResponseParameters) and the source of
tdlib/telegram-bot-api.
"""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from shared.channels.domain import network_answers
from shared.channels.domain.provider import (
    Allowance,
    Answer,
    ErrorClass,
    ProviderError,
    Refused,
)

_BY_WORDS: tuple[tuple[str, ErrorClass, str], ...] = (
    ("message to be replied not found", ErrorClass.CONTENT, "PARENT_MISSING"),
    ("replied message not found", ErrorClass.CONTENT, "PARENT_MISSING"),
    ("can't parse reply parameters", ErrorClass.CONTENT, "PARENT_MISSING"),
    ("upgraded to a supergroup", ErrorClass.PERMISSION, "CHAT_MOVED"),
    ("chat not found", ErrorClass.PERMISSION, "CHAT_MISSING"),
    ("not enough rights", ErrorClass.PERMISSION, "NOT_PERMITTED"),
    ("need administrator rights", ErrorClass.PERMISSION, "NOT_PERMITTED"),
    ("have no rights", ErrorClass.PERMISSION, "NOT_PERMITTED"),
    ("chat_write_forbidden", ErrorClass.PERMISSION, "NOT_PERMITTED"),
    ("chat_admin_required", ErrorClass.PERMISSION, "NOT_PERMITTED"),
    ("chat_send_", ErrorClass.PERMISSION, "NOT_PERMITTED"),
    ("topic_closed", ErrorClass.PERMISSION, "NOT_PERMITTED"),
    ("file is too big", ErrorClass.MEDIA, "MEDIA_TOO_LARGE"),
    ("photo_", ErrorClass.MEDIA, "MEDIA_REFUSED"),
    ("image_", ErrorClass.MEDIA, "MEDIA_REFUSED"),
    ("video_", ErrorClass.MEDIA, "MEDIA_REFUSED"),
    ("media_", ErrorClass.MEDIA, "MEDIA_REFUSED"),
    ("file must be", ErrorClass.MEDIA, "MEDIA_REFUSED"),
    ("wrong file", ErrorClass.MEDIA, "MEDIA_REFUSED"),
    ("too many inputmedia", ErrorClass.MEDIA, "MEDIA_TOO_MANY"),
)
"""Parts of what Telegram says where all of these are a plain 400."""

_BY_STATUS: dict[int, tuple[ErrorClass, str]] = {
    HTTPStatus.UNAUTHORIZED: (ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED"),
    HTTPStatus.FORBIDDEN: (ErrorClass.PERMISSION, "NOT_PERMITTED"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (ErrorClass.MEDIA, "MEDIA_TOO_LARGE"),
}
_UNKNOWN_TOKEN = "Not Found"  # noqa: S105 what is said of one
_LONGEST_WAIT = 24 * 3600


def result_of(answer: Answer) -> Any:
    """What a call that went well has brought.

    Raises:
        Refused, Unanswered: it has not.
    """
    body = _body(answer)
    if answer.status != HTTPStatus.OK or body.get("ok") is not True:
        raise _error_of(answer, body)
    if "result" not in body:
        raise network_answers.malformed("Telegram answered without a result.")
    return body["result"]


def _error_of(answer: Answer, body: dict[str, Any]) -> ProviderError:
    words = str(body.get("description") or f"HTTP {answer.status}")
    status = body.get("error_code") if body.get("ok") is False else answer.status
    if not isinstance(status, int) or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return network_answers.error_of(answer, words)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _throttled(answer, body, words)
    known = _meaning(status, words)
    return Refused(*known, words) if known else network_answers.error_of(answer, words)


def _meaning(status: int, words: str) -> tuple[ErrorClass, str] | None:
    if status == HTTPStatus.NOT_FOUND and words == _UNKNOWN_TOKEN:
        return ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED"
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status != HTTPStatus.BAD_REQUEST:
        return None
    found = (one[1:] for one in _BY_WORDS if one[0] in words.lower())
    return next(found, (ErrorClass.CONTENT, "CONTENT_REFUSED"))


def _throttled(answer: Answer, body: dict[str, Any], words: str) -> Refused:
    """It says how long to wait in the body, in seconds."""
    parameters = body.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if not isinstance(wait, int | float) or not 0 < wait <= _LONGEST_WAIT:
        wait = network_answers.wait_asked_for(answer.headers, answer.received_at)
    refusal = Refused(ErrorClass.RATE_LIMIT, "RATE_LIMITED", words, retry_after=wait)
    if wait:
        until = answer.received_at + timedelta(seconds=wait)
        refusal.allowance = Allowance(remaining=0, observed_at=answer.received_at, resets_at=until)
    return refusal


def _body(answer: Answer) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
