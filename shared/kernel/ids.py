"""UUIDv7: ids that sort by the time they were made (RFC 9562, sections 5.7 and 6.2, method 3)."""

import os
import time
from datetime import datetime
from typing import NewType
from uuid import UUID

OrganizationId = NewType("OrganizationId", UUID)
"""The tenant. Only an `Actor` or a row that has one can give it; never made from a request."""

_RANDOM = 8
"""Bytes of an id that are random, but for two bits."""

_TICKS = 4096
"""In a millisecond: as many as 12 bits tell apart."""


def new_id() -> UUID:
    """48 bits of Unix milliseconds, 12 of the quarter microseconds in it, 62 random bits."""
    return _id(_now(), os.urandom(_RANDOM))


def new_ids(count: int) -> list[UUID]:
    """So many of them, in their order; the system is asked once for what is random."""
    now, random = _now(), os.urandom(count * _RANDOM)
    return [
        _id(now + number, random[number * _RANDOM : (number + 1) * _RANDOM])
        for number in range(count)
    ]


def _now() -> int:
    return time.time_ns() * _TICKS // 1_000_000


def _id(ticks: int, random: bytes) -> UUID:
    milliseconds, rest = divmod(ticks, _TICKS)
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | rest << 64
    value |= 0x2 << 62 | int.from_bytes(random, "big") & (1 << 62) - 1
    return UUID(int=value)


def earliest_id(at: datetime) -> UUID:
    """Below every id that was made at that millisecond or later."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
