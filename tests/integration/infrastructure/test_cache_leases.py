"""Filling the cache under a lease: no older value comes back after a deletion."""

from collections.abc import Callable, Iterator

import pytest

from shared.infrastructure.cache import Cache, MemcachedCache, MemoryCache
from shared.kernel.ids import new_id


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


def test_a_leased_key_is_a_miss_until_it_is_filled(cache: Cache, key: str) -> None:
    lease = cache.lease([key])[key]
    assert cache.get_many([key]) == {}
    cache.fill(key, {"a": 1}, lease, seconds=60)
    assert cache.get_many([key]) == {key: {"a": 1}}


def test_several_keys_are_leased_at_once(cache: Cache, key: str) -> None:
    assert cache.lease([key, key + "2"]).keys() == {key, key + "2"}


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda cache, key: cache.delete_many([key]),
        lambda cache, key: (cache.delete_many([key]), cache.lease([key])),
        lambda cache, key: cache.set(key, "newer", seconds=60),
        lambda cache, key: (
            cache.delete_many([key]),
            cache.fill(key, "newer", cache.lease([key])[key], seconds=60),
        ),
    ],
    ids=["deleted", "deleted and leased anew", "set", "deleted and filled anew"],
)
def test_an_overtaken_fill_changes_nothing(
    cache: Cache, key: str, meanwhile: Callable[[Cache, str], object]
) -> None:
    lease = cache.lease([key])[key]
    meanwhile(cache, key)
    before = cache.get_many([key])
    cache.fill(key, "older", lease, seconds=60)
    assert cache.get_many([key]) == before
    assert before in ({}, {key: "newer"})


def test_a_lease_is_good_once(cache: Cache, key: str) -> None:
    first, second = cache.lease([key])[key], cache.lease([key])[key]
    cache.fill(key, "first", first, seconds=60)
    cache.fill(key, "second", second, seconds=60)
    assert cache.get_many([key]) == {key: "first"}


def test_a_cache_that_is_down_gives_no_lease(key: str) -> None:
    assert MemcachedCache("memcached://127.0.0.1:1").lease([key]) == {}
