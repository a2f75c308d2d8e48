"""How often a caller may call at all, counted by the minute in the cache.

A caller who is proved is counted by the same round trip to the cache that proves them: the counter
is read with the rest and raised by a command that nobody waits for, so that calls made at once may
exceed the limit by as many. Without a cache nothing is counted, and nobody is kept out.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache as once
from math import ceil
from typing import Any

from shared.infrastructure.cache import cache
from shared.infrastructure.settings import Settings
from shared.kernel.addresses import one_place
from shared.kernel.errors import LimitExceeded

_WINDOW = 60
"""In seconds."""


@dataclass(frozen=True, kw_only=True)
class LimitsSettings(Settings):
    """Calls in a minute; 0 for any number.

    They are those of each proved caller, and those of each address that nobody proved to call from.
    """

    callers_per_minute: int = 600
    addresses_per_minute: int = 300


@once
def limits() -> LimitsSettings:
    return LimitsSettings.read()


class CallMeter:
    """Counts one call in its caller's running minute; `headers` tell the caller how they stand.

    Keys of somebody who would ask the cache next are read `along`: `read` is what there was.
    """

    def __init__(self, limit: int, *, along: Sequence[str] = ()) -> None:
        self.headers: dict[str, str] = {}
        self.read: dict[str, Any] = {}
        self._limit = limit
        self._along = along
        self._window, passed = divmod(time.time(), _WINDOW)
        self._left = ceil(_WINDOW - passed)

    def keys(self, caller: str) -> list[str]:
        """What to read from the cache, with whatever else is read, before `count`."""
        return [*self._counters(caller), *self._along]

    def count(self, caller: str, found: Mapping[str, Any]) -> None:
        """Count a call, given what the cache answered.

        Raises:
            LimitExceeded: `RATE_LIMIT_EXCEEDED`.
        """
        self.read = {key: found[key] for key in self._along if key in found}
        for key in self._counters(caller):
            before = found.get(key, 0)
            if cache().count(key, is_first=key not in found, seconds=2 * _WINDOW):
                self._judge(before + 1)

    def count_address(self, address: str) -> None:
        """Count a call of nobody in particular, in a round trip of its own.

        Raises:
            LimitExceeded: `RATE_LIMIT_EXCEEDED`.
        """
        for key in self._counters(f"address:{one_place(address)}"):
            counted = cache().hit(key, seconds=2 * _WINDOW)
            if counted is not None:
                self._judge(counted)

    def _counters(self, caller: str) -> list[str]:
        return [f"calls:{caller}:{self._window:.0f}"] if self._limit else []

    def _judge(self, counted: int) -> None:
        if counted > self._limit:
            raise LimitExceeded(
                "RATE_LIMIT_EXCEEDED",
                "Too many requests, try again later",
                retry_after=self._left,
                limit=self._limit,
            )
        self.headers = {
            "RateLimit-Limit": str(self._limit),
            "RateLimit-Remaining": str(self._limit - counted),
            "RateLimit-Reset": str(self._left),
        }
