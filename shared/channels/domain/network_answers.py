"""What a network's answer means, where networks agree: its status, its words, what it still allows.

Only a 200 that a provider understands is a success. Of anything else below 400 nobody knows what
was done: a 202 may have queued the post, a redirect may have followed it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from shared.channels.domain.connection import MESSAGE_LENGTH, printable
from shared.channels.domain.provider import (
    Allowance,
    Answer,
    ErrorClass,
    ProviderError,
    Refused,
    Unanswered,
)

_BY_STATUS: dict[int, tuple[ErrorClass, str]] = {
    HTTPStatus.BAD_REQUEST: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    HTTPStatus.UNAUTHORIZED: (ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED"),
    HTTPStatus.FORBIDDEN: (ErrorClass.PERMISSION, "NOT_PERMITTED"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    HTTPStatus.UNPROCESSABLE_ENTITY: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
}
_STUMBLES = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What taking an answer apart raises, where it is not what was expected."""
_REMOVED = "[removed]"
_CREDENTIAL = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*|(?<=bearer )\S+|(?<=_token=)[^\s&]+", re.IGNORECASE
)
_EARLIEST_INSTANT = 1_000_000_000
"""A greater number of seconds is an instant since 1970, a lesser one a delay."""
_SHORTEST = timedelta.resolution.total_seconds()
_LONGEST = timedelta(hours=24).total_seconds()
"""No network's window is longer; whoever names a later reset means something else."""
_COUNT = re.compile(r"-?[0-9]{1,9}")
_COMBINED = re.compile(r"\b(remaining|reset) *= *([0-9]+)", re.IGNORECASE)


def error_of(answer: Answer, words: str) -> ProviderError:
    """The error of an answer that is not the success a provider understands.

    No status from 500 on is trusted to mean that nothing happened, 503 neither: Mastodon answers
    it while an earlier call under the same idempotency key is still running, and a proxy may
    answer any of them after the application has acted.
    """
    if answer.status < HTTPStatus.BAD_REQUEST:
        return malformed(words)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unanswered(ErrorClass.PLATFORM, "SERVER_ERROR", words)
    if answer.status == HTTPStatus.REQUEST_TIMEOUT:
        return Unanswered(ErrorClass.NETWORK, "NO_ANSWER", words)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = wait_asked_for(answer.headers, answer.received_at)
        return Refused(ErrorClass.RATE_LIMIT, "RATE_LIMITED", words, retry_after=wait)
    error_class, code = _BY_STATUS.get(answer.status, (ErrorClass.UNKNOWN, "REFUSED"))
    return Refused(error_class, code, words)


def about_a_file(error: ProviderError) -> ProviderError:
    """The same, of an answer to a file: what is refused for its content is refused as media."""
    if isinstance(error, Refused) and error.error_class is ErrorClass.CONTENT:
        return Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", error.words)
    return error


@contextmanager
def before_publishing() -> Iterator[None]:
    """Around calls that publish nothing, such as uploading: one that was lost is made again.

    So is one whose answer is not what was expected, however a provider stumbles over it.
    """
    try:
        yield
    except Unanswered as error:
        raise Refused(error.error_class, error.code, error.words) from error
    except _STUMBLES as error:
        words = f"The answer was not understood ({type(error).__name__})"
        raise Refused(ErrorClass.PLATFORM, "MALFORMED_ANSWER", words) from error


@contextmanager
def under_way() -> Iterator[None]:
    """Around calls that ask about what may be published by now: a no to them says nothing of it."""
    try:
        yield
    except Refused as refusal:
        raise Unanswered(refusal.error_class, refusal.code, refusal.words) from refusal


def malformed(words: str) -> Unanswered:
    """Of a success that cannot be understood: nobody knows what was done."""
    return Unanswered(ErrorClass.PLATFORM, "MALFORMED_ANSWER", words)


@contextmanager
def otherwise_malformed(words: str) -> Iterator[None]:
    """Around taking an answer apart: of one that is not what was expected `words` are said."""
    try:
        yield
    except _STUMBLES as error:
        raise malformed(words) from error


def quote(words: str, *, secrets: Iterable[str] = ()) -> str:
    """A network's own words, fit to keep and to show: on one line, short, and without secrets.

    `secrets` and whatever looks like a token are removed before the words are cut: half a secret
    at the end would not be recognised. Nor would one with a control character in it, so those go
    first.
    """
    words = _on_one_line(words)
    for secret in filter(None, map(_on_one_line, secrets)):
        words = words.replace(secret, _REMOVED)
    words = _CREDENTIAL.sub(_REMOVED, words)
    return words if len(words) <= MESSAGE_LENGTH else words[: MESSAGE_LENGTH - 1] + "…"


def _on_one_line(text: str) -> str:
    return " ".join(printable(" ".join(text.split())).split())


def wait_asked_for(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds from `now`, by `Retry-After` or else by the instant at which the limit is reset.

    `RateLimit-Reset` is an instant since 1970 with Bluesky and a delay in the IETF's draft;
    `X-RateLimit-Reset` is an ISO 8601 instant with Mastodon.
    """
    for name in ("retry-after", "ratelimit-reset", "x-ratelimit-reset"):
        seconds = _seconds(headers.get(name, ""), now)
        if seconds is not None:
            return max(0.0, seconds)
    return None


def allowance_of(answer: Answer, *, cost: int = 1) -> Allowance | None:
    """What an answer says of how many more posts the network takes, each worth `cost` of its units.

    `X-RateLimit-*` is Mastodon's, `RateLimit-*` Bluesky's, `RateLimit: remaining=…, reset=…` the
    IETF's draft. Whoever is refused for too many may send no more, whatever a header counts, until
    the wait that was asked for is over. `None` where nothing is said that can be believed.
    """
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = wait_asked_for(answer.headers, answer.received_at)
        return _allowance(answer, 0, wait)
    for remaining, reset in _said(answer.headers):
        if reset and _COUNT.fullmatch(remaining):
            wait = _seconds(reset, answer.received_at)
            if allowance := _allowance(answer, max(0, int(remaining)) // cost, wait):
                return allowance
    return None


def _said(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """How many are left, and until when, in each of the ways to say it."""
    for prefix in ("x-ratelimit-", "ratelimit-"):
        if remaining := headers.get(f"{prefix}remaining"):
            yield remaining.strip(), headers.get(f"{prefix}reset", "").strip()
    if both := headers.get("ratelimit"):
        said = dict(_COMBINED.findall(both.lower()))
        yield said.get("remaining", ""), said.get("reset", "")


def _allowance(answer: Answer, remaining: int, wait: float | None) -> Allowance | None:
    if wait is None or not _SHORTEST <= wait <= _LONGEST:
        return None
    return Allowance(
        remaining=remaining,
        observed_at=answer.received_at,
        resets_at=answer.received_at + timedelta(seconds=wait),
    )


def _seconds(value: str, now: datetime) -> float | None:
    try:
        number = float(value)
    except ValueError:
        instant = _instant(value)
        return None if instant is None else (instant - now).total_seconds()
    if not 0 <= number < float("inf"):
        return None
    return number - now.timestamp() if number > _EARLIEST_INSTANT else number


def _instant(value: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            instant = parse(value)
        except ValueError:
            continue
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return None
