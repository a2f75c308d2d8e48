"""Counters in the cache: raised without waiting, or answered; nothing at all without a cache."""

import time
from collections.abc import Iterator
from functools import partial

import pytest

from shared.infrastructure.cache import Cache, MemcachedCache, MemoryCache
from shared.kernel.ids import new_id
from tests.simultaneously import simultaneously


@pytest.fixture(params=["memcached", "memory"])
def cache(request: pytest.FixtureRequest) -> Iterator[Cache]:
    if request.param == "memory":
        yield MemoryCache()
        return
    client = MemcachedCache(request.getfixturevalue("environment")["CACHE_URL"])
    yield client
    client._client.close()


@pytest.fixture
def key() -> str:
    return f"test:{new_id()}"


def test_what_was_counted_is_read_with_the_rest(cache: Cache, key: str) -> None:
    for number in range(12):
        assert cache.get_many([key]) == ({key: number} if number else {})
        assert cache.count(key, is_first=number == 0, seconds=60)


def test_a_hit_answers_the_count(cache: Cache, key: str) -> None:
    assert [cache.hit(key, seconds=60) for _ in range(12)] == list(range(1, 13))


def test_hits_at_once_are_all_counted(cache: Cache, key: str) -> None:
    counts = simultaneously([partial(cache.hit, key, seconds=60)] * 8)
    assert sorted(count or 0 for count in counts) == list(range(1, 9))


def test_a_count_ends_with_its_first(cache: Cache, key: str) -> None:
    cache.hit(key, seconds=1)
    cache.hit(key, seconds=60)
    time.sleep(2.1)
    assert cache.get_many([key]) == {}
    assert cache.hit(key, seconds=60) == 1


def test_without_a_cache_nothing_is_counted(key: str) -> None:
    nobody = MemcachedCache("memcached://127.0.0.1:1")
    assert not nobody.count(key, is_first=True, seconds=60)
    assert not nobody.count(key, is_first=False, seconds=60)
    assert nobody.hit(key, seconds=60) is None
