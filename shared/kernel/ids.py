"""UUIDv7: ids that sort by the time they were made (RFC 9562, section 5.7)."""

import os
import time
from datetime import datetime
from typing import NewType
from uuid import UUID

OrganizationId = NewType("OrganizationId", UUID)
"""The tenant. Only an `Actor` or a row that has one can give it; never made from a request."""


def new_id() -> UUID:
    """48 bits of Unix milliseconds, then version, variant and 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def earliest_id(at: datetime) -> UUID:
    """Below every id that was made at that millisecond or later."""
    return UUID(int=int(at.timestamp() * 1000) << 80)
