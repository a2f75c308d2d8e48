"""Record keys of the AT Protocol: TIDs (atproto.com/specs/tid), made from a key of ours."""

from hashlib import blake2b
from uuid import UUID

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13
_MICROSECONDS_BITS = 53
_CLOCK_BITS = 10
_DAY = 24 * 60 * 60 * 1_000_000


def tid(key: str) -> str:
    """The same TID for the same UUID, and practically never for another one.

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
