"""What is hard to reach through the front door: the database itself, and a cache that is down."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

Sql = Callable[..., Any]


@pytest.fixture
def sql(database: None) -> Sql:
    """Run a statement; answers its first value, if it has any."""
    from shared.infrastructure.database import engine

    def run(statement: str, **values: Any) -> Any:
        with engine().begin() as connection:
            result = connection.execute(text(statement), values)
            return result.scalar() if result.returns_rows else None

    return run


def _forget_clients() -> None:
    from shared.identity.adapters.login_limits import login_limits
    from shared.infrastructure.cache import cache

    cache()._client.close()  # type: ignore[attr-defined]
    login_limits()._cached.storage.storage.close()  # type: ignore[attr-defined]
    cache.cache_clear()
    login_limits.cache_clear()


@pytest.fixture
def no_cache(database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens where Memcached should be."""
    _forget_clients()
    with monkeypatch.context() as patch:
        patch.setenv("CACHE_URL", "memcached://127.0.0.1:1")
        yield
        _forget_clients()
