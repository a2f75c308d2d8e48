"""What X says of its limits, and how it refuses.

Sources: docs.x.com (rate limits, response codes, problem types). X sends no `Retry-After`, but for
each window that counts what is left of it and when it ends.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from shared.channels.domain import network_answers
from shared.channels.domain.provider import (
    Allowance,
    Answer,
    ErrorClass,
    ProviderError,
    Refused,
)
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED

_WINDOWS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_LONGEST = timedelta(hours=25)
"""A day's window may end a little later by our clock than by X's."""

_PAYMENT = ("credits", "usage-capped")
_BY_WORDS = (
    ("duplicate content", ErrorClass.CONTENT, "DUPLICATE_CONTENT"),
    ("deleted or not visible", ErrorClass.CONTENT, "PARENT_MISSING"),
)
"""Parts of what X says where its status and problem type are the same for all of these."""


def allowance_of(answer: Answer) -> Allowance | None:
    """The window with the fewest posts left; of those, the one that ends last."""
    windows = list(_windows(answer))
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        windows = [(0, until) for _, until in _exhausted(windows)]
    if not windows:
        return None
    remaining, resets_at = min(windows, key=lambda window: (window[0], -window[1].timestamp()))
    return Allowance(remaining=remaining, observed_at=answer.received_at, resets_at=resets_at)


def error_of(answer: Answer, *, renewable: bool) -> ProviderError:
    """The error of an answer that is not a success; `renewable` are the credentials used."""
    problem, words = _problem_and_words(answer)
    if answer.status == HTTPStatus.PAYMENT_REQUIRED or problem in _PAYMENT:
        return Refused(ErrorClass.QUOTA, "USAGE_CAPPED", words, retry_after=_wait(answer))
    if answer.status == HTTPStatus.UNAUTHORIZED:
        code = CREDENTIALS_EXPIRED if renewable else "CREDENTIALS_REFUSED"
        return Refused(ErrorClass.AUTHENTICATION, code, words)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Refused(ErrorClass.RATE_LIMIT, "RATE_LIMITED", words, retry_after=_wait(answer))
    if HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        for part, error_class, code in _BY_WORDS:
            if part in words.lower():
                return Refused(error_class, code, words)
    return network_answers.error_of(answer, words)


def _problem_and_words(answer: Answer) -> tuple[str, str]:
    """The last word of a problem's type (RFC 7807), and what it says."""
    try:
        body = answer.json()
        details = [one["message"] for one in body.get("errors", ()) if "message" in one]
        words = ": ".join(map(str, [body.get("detail") or body.get("title"), *details]))
        return str(body.get("type", "")).rpartition("/")[2], words
    except (AttributeError, KeyError, TypeError, ValueError):
        return "", f"HTTP {answer.status}"


def _wait(answer: Answer) -> float | None:
    """Seconds until every window that is used up has ended."""
    ends = [until for _, until in _exhausted(list(_windows(answer)))]
    if ends:
        return max(0.0, (max(ends) - answer.received_at).total_seconds())
    return network_answers.wait_asked_for(answer.headers, answer.received_at)


def _exhausted(windows: list[tuple[int, datetime]]) -> list[tuple[int, datetime]]:
    """Those with nothing left; all, where X refuses and yet counts something left in each."""
    return [window for window in windows if window[0] == 0] or windows


def _windows(answer: Answer) -> Iterator[tuple[int, datetime]]:
    """Of each window what is left, and when it ends: seconds since 1970."""
    for name in _WINDOWS:
        remaining = answer.headers.get(f"{name}-remaining", "").strip()
        reset = answer.headers.get(f"{name}-reset", "").strip()
        if remaining.isascii() and reset.isascii() and remaining.isdigit() and reset.isdigit():
            until = _instant(reset)
            if until is not None and timedelta() < until - answer.received_at <= _LONGEST:
                yield int(remaining), until


def _instant(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (OSError, OverflowError, ValueError):
        return None
