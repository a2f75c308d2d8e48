"""Memcached, or a dictionary in the process for ``memory://``.

A cache may forget anything at any time and may be down: reads then miss, writes are lost, and
nobody sees an error. What must be kept is in the database.
"""

import json
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache as once
from typing import Any, Protocol
from urllib.parse import urlsplit

from pymemcache.client.base import PooledClient
from pymemcache.exceptions import MemcacheError

from shared.infrastructure.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class CacheSettings(Settings):
    """`url` is ``memcached://host:port`` or ``memory://``."""

    url: str


class Cache(Protocol):
    """JSON values by key; `seconds` is how long a value may live."""

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]: ...

    def set(self, key: str, value: Any, *, seconds: int) -> None: ...

    def delete_many(self, keys: Iterable[str]) -> None: ...


class MemcachedCache:
    def __init__(self, host: str, port: int) -> None:
        self._client = PooledClient(
            (host, port), connect_timeout=0.5, timeout=0.5, max_pool_size=8, no_delay=True
        )

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]:
        try:
            found = self._client.get_many(list(keys))
        except (OSError, MemcacheError):
            logger.warning("cache_unavailable", extra={"operation": "get"})
            return {}
        return {key: json.loads(text) for key, text in found.items()}

    def set(self, key: str, value: Any, *, seconds: int) -> None:
        try:
            self._client.set(key, json.dumps(value).encode(), expire=seconds, noreply=False)
        except (OSError, MemcacheError):
            logger.warning("cache_unavailable", extra={"operation": "set"})

    def delete_many(self, keys: Iterable[str]) -> None:
        try:
            self._client.delete_many(list(keys), noreply=False)
        except (OSError, MemcacheError):
            logger.warning("cache_unavailable", extra={"operation": "delete"})


class MemoryCache:
    def __init__(self) -> None:
        self._values: dict[str, tuple[float, str]] = {}

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]:
        now = time.monotonic()
        found = {key: self._values.get(key, (0.0, "")) for key in keys}
        return {key: json.loads(text) for key, (until, text) in found.items() if until > now}

    def set(self, key: str, value: Any, *, seconds: int) -> None:
        self._values[key] = (time.monotonic() + seconds, json.dumps(value))

    def delete_many(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._values.pop(key, None)


@once
def cache() -> Cache:
    """The container's only cache client."""
    url = urlsplit(CacheSettings.read().url)
    if url.scheme == "memory":
        return MemoryCache()
    return MemcachedCache(url.hostname or "127.0.0.1", url.port or 11211)
