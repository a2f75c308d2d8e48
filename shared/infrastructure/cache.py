"""Memcached, or a dictionary in the process for ``memory://``.

A cache may forget anything at any time and may be down: reads then miss, writes are lost, and
nobody sees an error. What must be kept is in the database.

What is copied from the database is filled under a lease taken before the database is read. A
writer deletes the key after its commit, which ends the lease: a reader that was overtaken cannot
put the old value back (Nishtala et al., "Scaling Memcache at Facebook", section 3.2.1).
"""

import json
import logging
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache as once
from threading import Lock
from typing import Any, NewType, Protocol
from urllib.parse import urlsplit

from pymemcache.client.base import PooledClient
from pymemcache.exceptions import MemcacheError

from shared.infrastructure.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class CacheSettings(Settings):
    """`url` is ``memcached://host:port`` or ``memory://``."""

    url: str


Lease = NewType("Lease", bytes)
_LEASE_SECONDS = 30  # longer than any function runs that might fill
_LEASED = b""


class Cache(Protocol):
    """JSON values by key; `seconds` is how long a value may live."""

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]: ...

    def set(self, key: str, value: Any, *, seconds: int) -> None: ...

    def delete_many(self, keys: Iterable[str]) -> None: ...

    def lease(self, keys: Iterable[str]) -> dict[str, Lease]:
        """The right to fill each key, unless it is deleted, filled or leased anew before."""

    def fill(self, key: str, value: Any, lease: Lease, *, seconds: int) -> None:
        """Set the value if the lease still holds."""

    def count(self, key: str, *, is_first: bool, seconds: int) -> bool:
        """Add one to a counter, or begin it, and do not wait; False if the cache is down."""

    def hit(self, key: str, *, seconds: int) -> int | None:
        """Add one to a counter and answer it; None if the cache is down."""


def memcached_client(url: str) -> PooledClient:
    """A client for all threads that gives up soon.

    It opens as many connections as there are callers: a bounded pool does not wait, it raises
    RuntimeError.
    """
    address = urlsplit(url)
    server = (address.hostname or "127.0.0.1", address.port or 11211)
    return PooledClient(server, connect_timeout=0.5, timeout=0.5, no_delay=True)


class MemcachedCache:
    def __init__(self, url: str) -> None:
        self._client = memcached_client(url)

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]:
        try:
            found = self._client.get_many(list(keys))
        except (OSError, MemcacheError):
            logger.warning("cache_unavailable", extra={"operation": "get"})
            return {}
        return {key: json.loads(text) for key, text in found.items() if text != _LEASED}

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

    def lease(self, keys: Iterable[str]) -> dict[str, Lease]:
        wanted = list(keys)
        try:
            for key in wanted:
                self._client.add(key, _LEASED, expire=_LEASE_SECONDS, noreply=False)
            found = self._client.gets_many(wanted)
        except (OSError, MemcacheError):
            logger.warning("cache_unavailable", extra={"operation": "lease"})
            return {}
        return {key: Lease(token) for key, (_, token) in found.items()}

    def fill(self, key: str, value: Any, lease: Lease, *, seconds: int) -> None:
        try:
            self._client.cas(key, json.dumps(value).encode(), lease, expire=seconds)
        except (OSError, MemcacheError):
            logger.warning("cache_unavailable", extra={"operation": "fill"})

    def count(self, key: str, *, is_first: bool, seconds: int) -> bool:
        try:
            if is_first:
                self._client.add(key, b"1", expire=seconds, noreply=True)
            else:
                self._client.incr(key, 1, noreply=True)
        except (OSError, MemcacheError):
            logger.warning("cache_unavailable", extra={"operation": "count"})
            return False
        return True

    def hit(self, key: str, *, seconds: int) -> int | None:
        try:
            counted: int | None = self._client.incr(key, 1)
            if counted is None and self._client.add(key, b"1", expire=seconds, noreply=False):
                return 1
            return counted or self._client.incr(key, 1)
        except (OSError, MemcacheError):
            logger.warning("cache_unavailable", extra={"operation": "hit"})
            return None


class MemoryCache:
    def __init__(self) -> None:
        self._lock = Lock()
        self._values: dict[str, tuple[float, str]] = {}
        self._leases: dict[str, Lease] = {}

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]:
        now = time.monotonic()
        found = {key: self._values.get(key, (0.0, "")) for key in keys}
        return {key: json.loads(text) for key, (until, text) in found.items() if until > now}

    def set(self, key: str, value: Any, *, seconds: int) -> None:
        with self._lock:
            self._leases.pop(key, None)
            self._values[key] = (time.monotonic() + seconds, json.dumps(value))

    def delete_many(self, keys: Iterable[str]) -> None:
        with self._lock:
            for key in keys:
                self._leases.pop(key, None)
                self._values.pop(key, None)

    def lease(self, keys: Iterable[str]) -> dict[str, Lease]:
        with self._lock:
            return {key: self._leases.setdefault(key, Lease(os.urandom(8))) for key in keys}

    def fill(self, key: str, value: Any, lease: Lease, *, seconds: int) -> None:
        with self._lock:
            if self._leases.pop(key, None) == lease:
                self._values[key] = (time.monotonic() + seconds, json.dumps(value))

    def count(self, key: str, *, is_first: bool, seconds: int) -> bool:  # noqa: ARG002
        self.hit(key, seconds=seconds)
        return True

    def hit(self, key: str, *, seconds: int) -> int:
        with self._lock:
            until, text = self._values.get(key, (0.0, ""))
            now = time.monotonic()
            counted = int(text) + 1 if until > now else 1
            self._values[key] = (until if until > now else now + seconds, str(counted))
            return counted


@once
def cache() -> Cache:
    """The container's only cache client."""
    url = CacheSettings.read().url
    return MemoryCache() if url.startswith("memory:") else MemcachedCache(url)
