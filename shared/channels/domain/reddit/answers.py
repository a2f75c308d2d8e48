"""What Reddit says of its limits, and how it refuses: with a 200, too (reddit.com/dev/api).

Sources: the same, the wiki of reddit-archive/reddit (API rules), praw-dev/praw (exceptions).
"""

import re
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
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED

_PARENT = (ErrorClass.CONTENT, "PARENT_MISSING")
_SUBREDDIT = (ErrorClass.PERMISSION, "SUBREDDIT_CLOSED")
_MEDIA = (ErrorClass.MEDIA, "MEDIA_REFUSED")
_BY_CODE: dict[str, tuple[ErrorClass, str]] = {
    "NO_THING_ID": _PARENT,
    "DELETED_COMMENT": _PARENT,
    "DELETED_LINK": _PARENT,
    "TOO_OLD": _PARENT,
    "THREAD_LOCKED": _PARENT,
    "COMMENT_UNREPLIABLE": _PARENT,
    "SUBREDDIT_NOTALLOWED": _SUBREDDIT,
    "SUBREDDIT_NOTALLOWED_BANNED": _SUBREDDIT,
    "SUBREDDIT_RATELIMIT_RULE": _SUBREDDIT,
    "USER_BLOCKED": _SUBREDDIT,
    "USER_MUTED": _SUBREDDIT,
    "SUBREDDIT_OUTBOUND_LINKING_DISALLOWED": (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    "ALREADY_SUB": (ErrorClass.CONTENT, "DUPLICATE_CONTENT"),
    "SUBMIT_VALIDATION_FLAIR_REQUIRED": (ErrorClass.CONTENT, "FLAIR_REQUIRED"),
    "BAD_FLAIR_TEMPLATE_ID": (ErrorClass.CONTENT, "FLAIR_REQUIRED"),
    "NO_IMAGES": _MEDIA,
    "NO_VIDEOS": _MEDIA,
    "IMAGE_INVALID": _MEDIA,
    "VIDEO_INVALID": _MEDIA,
    "MISSING_VIDEO_URLS": _MEDIA,
    "BAD_CAPTCHA": (ErrorClass.PERMISSION, "NOT_PERMITTED"),
    "USER_REQUIRED": (ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED"),
    "QUOTA_FILLED": (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
}
_UNITS = {"millisecond": 0.001, "second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86_400.0}
_WAIT = re.compile(rf"(\d+) ({'|'.join(_UNITS)})s?", re.IGNORECASE)
_LONGEST = timedelta(hours=24)


def allowance_of(answer: Answer) -> Allowance | None:
    """What is left of ten minutes' calls; a submission is one. Reddit counts in fractions."""
    try:
        remaining = float(answer.headers["x-ratelimit-remaining"])
        seconds = float(answer.headers["x-ratelimit-reset"])
        wait = timedelta(seconds=seconds)
    except (KeyError, OverflowError, ValueError):
        return network_answers.allowance_of(answer)
    if not timedelta() < wait <= _LONGEST:
        return None
    left = 0 if answer.status == HTTPStatus.TOO_MANY_REQUESTS else int(max(0.0, remaining))
    return Allowance(
        remaining=left, observed_at=answer.received_at, resets_at=answer.received_at + wait
    )


def error_of(answer: Answer, *, renewable: bool) -> ProviderError:
    """The error of an answer that is not a success; `renewable` are the credentials used."""
    if found := refusal_within(answer):
        return found
    words = _words(answer)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        expired = CREDENTIALS_EXPIRED if renewable else "CREDENTIALS_REFUSED"
        return Refused(ErrorClass.AUTHENTICATION, expired, words)
    if answer.status == HTTPStatus.NOT_FOUND:
        return Refused(ErrorClass.CONTENT, "SUBREDDIT_MISSING", words)
    return network_answers.error_of(answer, words)


def refusal_within(answer: Answer) -> Refused | None:
    """Why Reddit refuses, where it says so in its own way, whatever the status."""
    errors = _errors(answer)
    if not errors:
        return None
    code, words = errors[0][0], "; ".join(f"{one[0]}: {one[1]}" for one in errors)
    if code == "RATELIMIT":
        return _too_many(answer, words)
    error_class, name = _BY_CODE.get(code, (ErrorClass.CONTENT, "CONTENT_REFUSED"))
    return Refused(error_class, name, words)


def _too_many(answer: Answer, words: str) -> Refused:
    """Of an account, be it new or not trusted much: it says in words how long to wait."""
    waits = [int(number) * _UNITS[unit.lower()] for number, unit in _WAIT.findall(words)]
    wait = waits[0] if waits else network_answers.wait_asked_for(answer.headers, answer.received_at)
    refusal = Refused(ErrorClass.RATE_LIMIT, "RATE_LIMITED", words, retry_after=wait)
    if wait and 0 < wait <= _LONGEST.total_seconds():
        until = answer.received_at + timedelta(seconds=wait)
        refusal.allowance = Allowance(remaining=0, observed_at=answer.received_at, resets_at=until)
    return refusal


def _errors(answer: Answer) -> list[tuple[str, str]]:
    """Codes and words; `json.errors` of a 200 has them in lists."""
    try:
        errors = answer.json()["json"]["errors"]
        return [(str(one[0]), str(one[1])) for one in errors]
    except (IndexError, KeyError, TypeError, ValueError):
        return []


def _words(answer: Answer) -> str:
    try:
        body: dict[str, Any] = answer.json()
        told = [body.get(name) for name in ("reason", "explanation", "message")]
        return ": ".join(str(one) for one in told if one) or f"HTTP {answer.status}"
    except (AttributeError, ValueError):
        return f"HTTP {answer.status}"
