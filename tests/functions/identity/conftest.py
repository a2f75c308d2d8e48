"""What is hard to reach through the front door: the database itself, and a cache that is down."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from tests.accounts import Account, approved_user
from tests.api import Api
from tests.functions.identity.watched import WatchedApi

Sql = Callable[..., Any]


@pytest.fixture
def api(api: Api) -> Api:
    """The front door, watched: no write leaves an older profile or session in the cache."""
    return WatchedApi(api._routes)


@pytest.fixture
def root(chief: Account) -> Account:
    return chief


@pytest.fixture
def bob(api: Api, root: Account) -> Account:
    return approved_user(api, root, "bob@example.com")


@pytest.fixture
def sql(database: None) -> Sql:
    """Run a statement; answers its first value, if it has any."""
    from shared.infrastructure.database import engine

    def run(statement: str, **values: Any) -> Any:
        with engine().begin() as connection:
            result = connection.execute(text(statement), values)
            return result.scalar() if result.returns_rows else None

    return run


@pytest.fixture
def midway() -> Iterator[None]:
    """It is the middle of one of the 30 seconds for which a code of an authenticator app is."""
    step = int(time.time()) // 30 * 30
    with time_machine.travel(step - 15, tick=True):
        yield


def _forget_clients() -> None:
    from shared.identity.adapters.attempt_limits import attempt_limits
    from shared.infrastructure.cache import cache

    cache()._client.close()  # type: ignore[attr-defined]
    attempt_limits()._cached.storage.storage.close()  # type: ignore[attr-defined]
    cache.cache_clear()
    attempt_limits.cache_clear()


@pytest.fixture
def no_cache(database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens where Memcached should be."""
    _forget_clients()
    with monkeypatch.context() as patch:
        patch.setenv("CACHE_URL", "memcached://127.0.0.1:1")
        yield
        _forget_clients()
