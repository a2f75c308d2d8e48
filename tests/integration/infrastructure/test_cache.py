"""The cache keeps JSON for a while, and a cache that is down is a cache that is empty."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from runner.services.memcached import memcached
from shared.infrastructure.cache import Cache, MemcachedCache, MemoryCache


@contextmanager
def client(url: str) -> Iterator[MemcachedCache]:
    cache = MemcachedCache(url)
    yield cache
    cache._client.close()


@pytest.fixture(params=["memcached", "memory"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cache]:
    if request.param == "memory":
        yield MemoryCache()
        return
    with memcached(tmp_path) as url, client(url) as cache:
        yield cache


def test_what_was_set_is_found(cache: Cache) -> None:
    cache.set("a", {"number": 1, "text": "é", "nothing": None}, seconds=60)
    cache.set("b", [True], seconds=60)
    assert cache.get_many(["a", "b", "c"]) == {
        "a": {"number": 1, "text": "é", "nothing": None},
        "b": [True],
    }


def test_what_was_deleted_is_gone(cache: Cache) -> None:
    cache.set("a", 1, seconds=60)
    cache.delete_many(["a", "never-there"])
    assert cache.get_many(["a"]) == {}


def test_what_is_too_old_is_gone(cache: Cache) -> None:
    cache.set("a", 1, seconds=-1)
    assert cache.get_many(["a"]) == {}


def test_asking_for_nothing_finds_nothing(cache: Cache) -> None:
    assert cache.get_many([]) == {}


def test_a_key_that_memcached_refuses_is_a_miss(cache: Cache) -> None:
    if isinstance(cache, MemcachedCache):
        cache.set("a key with blanks", 1, seconds=60)
        assert cache.get_many(["a key with blanks"]) == {}


def test_a_cache_that_stops_is_empty_and_no_error(tmp_path: Path) -> None:
    with ExitStack() as server, client(server.enter_context(memcached(tmp_path))) as cache:
        cache.set("a", 1, seconds=60)
        assert cache.get_many(["a"]) == {"a": 1}
        server.close()
        cache.set("b", 2, seconds=60)
        cache.delete_many(["a"])
        assert cache.get_many(["a", "b"]) == {}


def test_a_connection_lost_between_two_calls_is_a_miss_and_then_made_anew(
    tmp_path: Path,
) -> None:
    with memcached(tmp_path) as url, client(url) as cache:
        cache.set("a", 1, seconds=60)
        with cache._client.client_pool.get_and_release() as connection:
            connection.sock.shutdown(socket.SHUT_RDWR)
        assert cache.get_many(["a"]) == {}
        assert cache.get_many(["a"]) == {"a": 1}


def test_a_cache_that_never_answers_is_empty_and_soon() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with client(f"memcached://127.0.0.1:{silent.getsockname()[1]}") as cache:
            started = time.monotonic()
            assert cache.get_many(["a"]) == {}
            assert time.monotonic() - started < 2
