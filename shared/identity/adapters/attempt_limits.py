"""How often something may be tried: counted in the cache, in PostgreSQL without it."""

import logging
import time
from collections.abc import Callable
from functools import cache
from math import ceil
from typing import TypeVar

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemcachedStorage, MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from pymemcache.exceptions import MemcacheError

from shared.identity.adapters.limit_counters import PostgresCounters
from shared.identity.domain.attempts import Attempt
from shared.infrastructure.cache import CacheSettings, memcached_client
from shared.infrastructure.tokens import Tokens, tokens
from shared.kernel.errors import LimitExceeded

logger = logging.getLogger(__name__)
T = TypeVar("T")


class CountedAttempts:
    def __init__(self, cached: Storage, kept: Storage, tokens: Tokens) -> None:
        self._cached = FixedWindowRateLimiter(cached)
        self._kept = FixedWindowRateLimiter(kept)
        self._tokens = tokens

    def check(self, *attempts: Attempt) -> None:
        for attempt in attempts:
            if not self._is_left(attempt):
                raise self._exceeded(attempt)

    def count(self, *attempts: Attempt) -> None:
        used_up = [attempt for attempt in attempts if not self._hit(attempt)]
        if used_up:
            raise self._exceeded(used_up[0])

    def left(self, attempt: Attempt) -> int:
        item, key = self._counter(attempt)
        return self._ask(lambda limiter: limiter.get_window_stats(item, key)).remaining

    def forget(self, attempt: Attempt) -> None:
        item, key = self._counter(attempt)
        self._ask(lambda limiter: limiter.clear(item, key))

    def _is_left(self, attempt: Attempt) -> bool:
        item, key = self._counter(attempt)
        return self._ask(lambda limiter: limiter.test(item, key))

    def _hit(self, attempt: Attempt) -> bool:
        item, key = self._counter(attempt)
        return self._ask(lambda limiter: limiter.hit(item, key))

    def _exceeded(self, attempt: Attempt) -> LimitExceeded:
        item, key = self._counter(attempt)
        window = self._ask(lambda limiter: limiter.get_window_stats(item, key))
        return LimitExceeded(
            "TOO_MANY_ATTEMPTS",
            "Too many attempts, try again later",
            retry_after=max(1, ceil(window.reset_time - time.time())),
            limit=attempt.limit.times,
        )

    def _counter(self, attempt: Attempt) -> tuple[RateLimitItem, str]:
        """A hash: names may be longer than a key and need not lie in the cache in clear."""
        limit = attempt.limit
        item = RateLimitItemPerMinute(limit.times, limit.minutes, namespace=limit.what)
        return item, self._tokens.keyed_hash(attempt.name)

    def _ask(self, question: Callable[[FixedWindowRateLimiter], T]) -> T:
        try:
            return question(self._cached)
        except (OSError, MemcacheError):
            logger.warning("cache_unavailable", extra={"operation": "count"})
            return question(self._kept)


@cache
def attempt_limits() -> CountedAttempts:
    cached = cached_counters(CacheSettings.read().url)
    return CountedAttempts(cached, PostgresCounters(), tokens())


def cached_counters(url: str) -> Storage:
    if url.startswith("memory:"):
        return MemoryStorage()
    client = memcached_client(url)
    host, port = client.server
    # Left to itself the storage opens a client a thread, and threads of a web server come and go.
    return MemcachedStorage(f"memcached://{host}:{port}", client_getter=lambda *_, **__: client)
