"""How services of the AT Protocol refuse: XRPC errors, by name where the status says too little."""

from collections.abc import Iterable
from http import HTTPStatus

from shared.channels.domain.provider import Answer, ErrorClass, ProviderError, Refused
from shared.channels.domain.quoting import quote
from shared.channels.domain.refusals import refusal

_TOKEN = frozenset({"ExpiredToken", "InvalidToken"})
_CREDENTIALS = _TOKEN | {"AuthenticationRequired", "AuthFactorTokenRequired", "AuthMissing"}
_ACCOUNT = frozenset({"AccountDeactivated", "AccountSuspended", "AccountTakedown"})


def error_of(answer: Answer, *, secrets: Iterable[str]) -> ProviderError:
    """The error of an answer that is not a success."""
    name, message = _name_and_message(answer)
    words = quote(message, secrets=secrets)
    if name in _ACCOUNT:
        return Refused(ErrorClass.PERMISSION, "ACCOUNT_UNAVAILABLE", words)
    if name in _CREDENTIALS:
        return Refused(ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED", words)
    return refusal(answer, words)


def is_token_refused(answer: Answer) -> bool:
    """A token that has expired is a 400 of the PDS and a 401 of the services behind it."""
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return True
    return answer.status == HTTPStatus.BAD_REQUEST and _name_and_message(answer)[0] in _TOKEN


def is_record_missing(answer: Answer) -> bool:
    """Older servers say InvalidRequest where newer ones say RecordNotFound."""
    if answer.status != HTTPStatus.BAD_REQUEST:
        return False
    name, message = _name_and_message(answer)
    return name == "RecordNotFound" or message.startswith("Could not locate record")


def _name_and_message(answer: Answer) -> tuple[str, str]:
    try:
        body = answer.json()
        return str(body["error"]), str(body.get("message") or body["error"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return "", f"HTTP {answer.status}"
