"""What a network's HTTP status means for a publication, where networks agree."""

from datetime import UTC, datetime
from http import HTTPStatus

from shared.channels.domain.provider import Answer, ErrorClass, ProviderError, Refused, Unanswered
from shared.channels.domain.rate_limits import wait_asked_for

_BY_STATUS: dict[int, tuple[ErrorClass, str]] = {
    HTTPStatus.BAD_REQUEST: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    HTTPStatus.UNAUTHORIZED: (ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED"),
    HTTPStatus.FORBIDDEN: (ErrorClass.PERMISSION, "NOT_PERMITTED"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    HTTPStatus.UNPROCESSABLE_ENTITY: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
}


def refusal(answer: Answer, words: str) -> ProviderError:
    """The error of an answer that is not a success.

    No status from 500 on is trusted to mean that nothing happened, 503 neither: Mastodon answers
    it while an earlier call under the same idempotency key is still running, and a proxy may
    answer any of them after the application has acted.
    """
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unanswered(ErrorClass.PLATFORM, "SERVER_ERROR", words)
    if answer.status == HTTPStatus.REQUEST_TIMEOUT:
        return Unanswered(ErrorClass.NETWORK, "NO_ANSWER", words)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = wait_asked_for(answer.headers, datetime.now(UTC))
        return Refused(ErrorClass.RATE_LIMIT, "RATE_LIMITED", words, retry_after=wait)
    error_class, code = _BY_STATUS.get(HTTPStatus(answer.status), (ErrorClass.UNKNOWN, "REFUSED"))
    return Refused(error_class, code, words)


def malformed(words: str) -> Unanswered:
    """Of a success whose body cannot be understood: nobody knows what was done."""
    return Unanswered(ErrorClass.PLATFORM, "MALFORMED_ANSWER", words)
