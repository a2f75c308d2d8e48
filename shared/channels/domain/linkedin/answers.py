"""How LinkedIn refuses (learn.microsoft.com/linkedin: error handling, rate limits, versioning).

It counts a day's calls of a member from midnight to midnight, UTC, and tells only when there are
too many: no header says what is left, none when to come back.
"""

from datetime import UTC, datetime, timedelta
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
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED

NOT_FOUND = "NOT_FOUND"
"""The code of a refusal for what is not there."""
_A_DAY = " DAY "
"""In the words of a limit that lasts till midnight; others pass in a moment."""


def error_of(answer: Answer, *, renewable: bool) -> ProviderError:
    """The error of an answer that is not a success; `renewable` are the credentials used."""
    body = _body(answer)
    words = str(body.get("message") or f"HTTP {answer.status}")
    if answer.status == HTTPStatus.UNAUTHORIZED:
        code = CREDENTIALS_EXPIRED if renewable else "CREDENTIALS_REFUSED"
        return Refused(ErrorClass.AUTHENTICATION, code, words)
    if answer.status == HTTPStatus.NOT_FOUND:
        return Refused(ErrorClass.UNKNOWN, NOT_FOUND, words)
    if answer.status == HTTPStatus.UPGRADE_REQUIRED:
        return Refused(ErrorClass.PLATFORM, "VERSION_SUNSET", words)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS and _A_DAY in words:
        return _used_up(answer, words)
    if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY and "DUPLICATE_POST" in _codes(body):
        return Refused(ErrorClass.CONTENT, "DUPLICATE_CONTENT", words)
    return network_answers.error_of(answer, words)


def _used_up(answer: Answer, words: str) -> Refused:
    until = _midnight_after(answer.received_at)
    wait = (until - answer.received_at).total_seconds()
    refusal = Refused(ErrorClass.RATE_LIMIT, "RATE_LIMITED", words, retry_after=wait)
    refusal.allowance = Allowance(remaining=0, observed_at=answer.received_at, resets_at=until)
    return refusal


def _midnight_after(instant: datetime) -> datetime:
    tomorrow = instant.astimezone(UTC) + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)


def _body(answer: Answer) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _codes(body: dict[str, Any]) -> set[str]:
    """The codes of the errors in detail, where there are any."""
    details = body.get("errorDetails")
    errors = details.get("inputErrors") if isinstance(details, dict) else None
    if not isinstance(errors, list):
        return set()
    return {str(one.get("code")) for one in errors if isinstance(one, dict)}
