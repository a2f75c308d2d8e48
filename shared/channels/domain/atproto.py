"""The AT Protocol: how its services refuse (XRPC errors), and keys of records made from ours."""

from hashlib import blake2b
from http import HTTPStatus
from uuid import UUID

from shared.channels.domain import network_answers
from shared.channels.domain.provider import Answer, ErrorClass, ProviderError, Refused

_TOKEN = frozenset({"ExpiredToken", "InvalidToken"})
_CREDENTIALS = _TOKEN | {"AuthenticationRequired", "AuthFactorTokenRequired", "AuthMissing"}
_ACCOUNT = frozenset({"AccountDeactivated", "AccountSuspended", "AccountTakedown"})

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13
_MICROSECONDS_BITS = 53
_CLOCK_BITS = 10
_DAY = 24 * 60 * 60 * 1_000_000


def error_of(answer: Answer) -> ProviderError:
    """The error of an answer that is not a success, by name where the status says too little."""
    name, message = _name_and_message(answer)
    if HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        if name in _ACCOUNT:
            return Refused(ErrorClass.PERMISSION, "ACCOUNT_UNAVAILABLE", message)
        if name in _CREDENTIALS:
            return Refused(ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED", message)
    return network_answers.error_of(answer, message)


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


def tid(key: str) -> str:
    """A record key of the kind TID (atproto.com/specs/tid) from a key of ours.

    It is the same for the same UUID, and practically never for another one.

    A TID is 53 bits of microseconds since 1970 and 10 bits to tell clocks apart. Two posts of one
    account must never share one, or the second would pass for the first; so of the time a UUIDv7
    begins with only the day is kept, and the 46 bits below it are a digest. Any other UUID gives
    a valid TID too, of no meaningful day.
    """
    identifier = UUID(key)
    digest = int.from_bytes(blake2b(identifier.bytes, digest_size=8).digest(), "big")
    microseconds = (identifier.int >> 80) * 1000
    microseconds += (digest >> _CLOCK_BITS) % _DAY - microseconds % _DAY
    clock = digest & (1 << _CLOCK_BITS) - 1
    value = (microseconds & (1 << _MICROSECONDS_BITS) - 1) << _CLOCK_BITS | clock
    digits = (value >> 5 * place & 31 for place in reversed(range(_LENGTH)))
    return "".join(_ALPHABET[digit] for digit in digits)
