"""Record keys of the AT Protocol: TIDs (atproto.com/specs/tid), made from a key of ours."""

from uuid import UUID

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_LENGTH = 13
_MICROSECONDS_BITS = 53
_CLOCK_BITS = 10


def tid(key: str) -> str:
    """The same TID for the same UUID, and practically never for another one.

    A TID is 53 bits of microseconds since 1970 and 10 bits to tell clocks apart. A UUIDv7 begins
    with the milliseconds of its making, so records sort by it; the rest is taken from its random
    end. Any other UUID gives a valid TID too, of no meaningful time.
    """
    number = UUID(key).int
    milliseconds = number >> 80
    microseconds = milliseconds * 1000 + (number >> _CLOCK_BITS) % 1000
    clock = number & (1 << _CLOCK_BITS) - 1
    value = (microseconds & (1 << _MICROSECONDS_BITS) - 1) << _CLOCK_BITS | clock
    digits = (value >> 5 * place & 31 for place in reversed(range(_LENGTH)))
    return "".join(_ALPHABET[digit] for digit in digits)
