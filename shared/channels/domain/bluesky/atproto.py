"""The AT Protocol: how its services refuse (XRPC errors), its tokens, and keys of records."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from http import HTTPStatus
from uuid import UUID

from shared.channels.domain import network_answers
from shared.channels.domain.provider import Answer, ErrorClass, ProviderError, Refused
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED, Renewal

_TOKEN = frozenset({"ExpiredToken", "InvalidToken"})
_CREDENTIALS = frozenset({"AuthenticationRequired", "AuthFactorTokenRequired", "AuthMissing"})
_ACCOUNT = frozenset({"AccountDeactivated", "AccountSuspended", "AccountTakedown"})

_BLOB = frozenset({"BlobNotFound", "BlobTooLarge", "InvalidMimeType"})

_ACCESS_LIVES = timedelta(hours=2)

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13
_MICROSECONDS_BITS = 53
_CLOCK_BITS = 10
_DAY = 24 * 60 * 60 * 1_000_000


def error_of(answer: Answer) -> ProviderError:
    """The error of an answer that is not a success, by name where the status says too little.

    A token that has expired is a 400 of the PDS and a 401 of the services behind it.
    """
    name, message = _name_and_message(answer)
    if HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        if name in _ACCOUNT:
            return Refused(ErrorClass.PERMISSION, "ACCOUNT_UNAVAILABLE", message)
        if name in _CREDENTIALS:
            return Refused(ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED", message)
        if name in _TOKEN or answer.status == HTTPStatus.UNAUTHORIZED:
            return Refused(ErrorClass.AUTHENTICATION, CREDENTIALS_EXPIRED, message)
        if name in _BLOB:
            return Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", message)
    return network_answers.error_of(answer, message)


def session_of(answer: Answer, credentials: Mapping[str, str]) -> Renewal:
    """The credentials with the session that was given for them.

    It ends when its access token says so. Where that cannot be read, or is past by our clock, it
    lives as long as the reference implementation lets it.
    """
    if answer.status != HTTPStatus.OK:
        raise error_of(answer)
    try:
        made = answer.json()
        session = {
            "did": made["did"],
            "handle": made["handle"],
            "access_token": made["accessJwt"],
            "refresh_token": made["refreshJwt"],
        }
    except (KeyError, TypeError, ValueError) as error:
        raise network_answers.malformed("This service does not answer as Bluesky does.") from error
    if not all(isinstance(value, str) and value for value in session.values()):
        raise network_answers.malformed("This service does not answer as Bluesky does.")
    expires_at = expiry_of(session["access_token"])
    if expires_at is None or expires_at <= answer.received_at:
        expires_at = answer.received_at + _ACCESS_LIVES
    return Renewal(credentials={**credentials, **session}, expires_at=expires_at)


def expiry_of(token: str) -> datetime | None:
    """What a token says of its end, if it is a JWT (RFC 7519) and says so.

    It is not verified: who gave it is known, and to its server alone it must mean anything.
    """
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return datetime.fromtimestamp(claims["exp"], UTC)
    except (IndexError, KeyError, OSError, OverflowError, RecursionError, TypeError, ValueError):
        return None


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
