"""How often a login or refresh may be tried: counted in the cache, in PostgreSQL without it.

Windows are fixed: one begins with the first failure and ends 15 minutes after it.
"""

import logging
import time
from collections.abc import Callable
from functools import cache
from math import ceil
from typing import TypeVar
from uuid import UUID

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemcachedStorage, MemoryStorage, Storage
from limits.strategies import FixedWindowRateLimiter
from pymemcache.exceptions import MemcacheError

from shared.identity.adapters.limit_counters import PostgresCounters
from shared.infrastructure.cache import CacheSettings, memcached_client
from shared.infrastructure.tokens import Tokens, tokens
from shared.kernel.errors import LimitExceeded

logger = logging.getLogger(__name__)
T = TypeVar("T")

_ACCOUNT = RateLimitItemPerMinute(5, 15, namespace="login-account")
_ADDRESS = RateLimitItemPerMinute(5, 15, namespace="login-address")
_REFRESH = RateLimitItemPerMinute(10, 15, namespace="refresh")


class CountedLoginLimits:
    def __init__(self, cached: Storage, kept: Storage, tokens: Tokens) -> None:
        self._cached = FixedWindowRateLimiter(cached)
        self._kept = FixedWindowRateLimiter(kept)
        self._tokens = tokens

    def check_login(self, email: str, address: str) -> None:
        self._check(_ACCOUNT, email)
        self._check(_ADDRESS, address)

    def count_failed_login(self, email: str, address: str) -> None:
        """Both are counted, whichever is used up."""
        refusals = self._count(_ACCOUNT, email), self._count(_ADDRESS, address)
        if refusal := refusals[0] or refusals[1]:
            raise refusal

    def forget_failed_logins(self, email: str) -> None:
        key = self._key(email)
        self._ask(lambda limiter: limiter.clear(_ACCOUNT, key))

    def count_refresh(self, session_id: UUID) -> None:
        if refusal := self._count(_REFRESH, str(session_id)):
            raise refusal

    def _check(self, limit: RateLimitItem, name: str) -> None:
        key = self._key(name)
        if not self._ask(lambda limiter: limiter.test(limit, key)):
            raise self._exceeded(limit, key)

    def _count(self, limit: RateLimitItem, name: str) -> LimitExceeded | None:
        key = self._key(name)
        if self._ask(lambda limiter: limiter.hit(limit, key)):
            return None
        return self._exceeded(limit, key)

    def _exceeded(self, limit: RateLimitItem, key: str) -> LimitExceeded:
        window = self._ask(lambda limiter: limiter.get_window_stats(limit, key))
        return LimitExceeded(
            "TOO_MANY_ATTEMPTS",
            "Too many attempts, try again later",
            retry_after=max(1, ceil(window.reset_time - time.time())),
            limit=limit.amount,
        )

    def _key(self, name: str) -> str:
        """A hash: names may be longer than a key and need not lie in the cache in clear."""
        return self._tokens.keyed_hash(name)

    def _ask(self, question: Callable[[FixedWindowRateLimiter], T]) -> T:
        try:
            return question(self._cached)
        except (OSError, MemcacheError):
            logger.warning("cache_unavailable", extra={"operation": "count"})
            return question(self._kept)


@cache
def login_limits() -> CountedLoginLimits:
    cached = _cached_counters(CacheSettings.read().url)
    return CountedLoginLimits(cached, PostgresCounters(), tokens())


def _cached_counters(url: str) -> Storage:
    if url.startswith("memory:"):
        return MemoryStorage()
    client = memcached_client(url)
    host, port = client.server
    # Left to itself the storage opens a client a thread, and threads of a web server come and go.
    return MemcachedStorage(f"memcached://{host}:{port}", client_getter=lambda *_, **__: client)
