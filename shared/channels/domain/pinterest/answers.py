"""How Pinterest refuses (developers.pinterest.com/docs/api/v5: errors, rate limits)."""

import re
from http import HTTPStatus
from typing import Any

from shared.channels.domain import network_answers
from shared.channels.domain.provider import Answer, ErrorClass, ProviderError, Refused
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED

_TRIAL = 29
"""Of an application whose pins nobody but its owner would see."""
_MISSING_BOARD = 40
_OF_MEDIA = re.compile(r"\b(image|video|media|cover)", re.IGNORECASE)


def error_of(answer: Answer, *, renewable: bool) -> ProviderError:
    """The error of an answer that is not a success; `renewable` are the credentials used."""
    code, words = _code_and_words(answer)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        expired = CREDENTIALS_EXPIRED if renewable else "CREDENTIALS_REFUSED"
        return Refused(ErrorClass.AUTHENTICATION, expired, words)
    if answer.status == HTTPStatus.FORBIDDEN and code == _TRIAL:
        return Refused(ErrorClass.PLATFORM, "APPLICATION_REFUSED", words)
    if answer.status == HTTPStatus.NOT_FOUND:
        named = "BOARD_MISSING" if code == _MISSING_BOARD else "CONTENT_REFUSED"
        return Refused(ErrorClass.CONTENT, named, words)
    if answer.status == HTTPStatus.BAD_REQUEST and _OF_MEDIA.search(words):
        return Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
    return network_answers.error_of(answer, words)


def _code_and_words(answer: Answer) -> tuple[int, str]:
    try:
        body: dict[str, Any] = answer.json()
        return int(body.get("code", 0)), str(body["message"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return 0, f"HTTP {answer.status}"
