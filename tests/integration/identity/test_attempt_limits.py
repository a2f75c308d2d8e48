"""Limits where the cache is a dictionary in the process, and names that make odd keys."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from limits.storage import MemcachedStorage, MemoryStorage
from pymemcache.client.base import PooledClient
from sqlalchemy import text

from runner.services.memcached import memcached
from runner.services.processes import answers
from shared.identity.domain.attempts import (
    FORGOT_BY_ACCOUNT,
    FORGOT_BY_ADDRESS,
    REFRESH_BY_SESSION,
)
from shared.infrastructure.database import transaction
from shared.kernel.errors import LimitExceeded
from shared.kernel.ids import new_id

_USUAL_PORT = 11211


@pytest.mark.parametrize("email", ["ada@example.com", "ädä with blanks@example.com", "x" * 10_000])
def test_attempts_are_counted_in_the_process(database: None, email: str) -> None:
    from shared.identity.adapters.attempt_limits import CountedAttempts
    from shared.identity.adapters.limit_counters import PostgresCounters
    from shared.infrastructure.tokens import tokens

    limits = CountedAttempts(MemoryStorage(), PostgresCounters(), tokens())
    by_account = FORGOT_BY_ACCOUNT.by(email)
    for number in range(5):
        by_address = FORGOT_BY_ADDRESS.by(f"192.0.2.{number}")
        limits.check(by_account, by_address)
        limits.count(by_account, by_address)
    with pytest.raises(LimitExceeded) as refused:
        limits.check(by_account, FORGOT_BY_ADDRESS.by("192.0.2.99"))
    assert 14 * 60 < refused.value.retry_after <= 15 * 60
    limits.forget(by_account)
    limits.check(by_account, FORGOT_BY_ADDRESS.by("192.0.2.99"))


def test_each_name_and_each_limit_counts_by_itself(database: None) -> None:
    from shared.identity.adapters.attempt_limits import attempt_limits

    first, second = new_id(), new_id()
    for _ in range(10):
        attempt_limits().count(REFRESH_BY_SESSION.by(first))
    attempt_limits().count(REFRESH_BY_SESSION.by(second), FORGOT_BY_ACCOUNT.by(str(first)))
    with pytest.raises(LimitExceeded):
        attempt_limits().count(REFRESH_BY_SESSION.by(first))


def test_all_are_counted_whichever_is_used_up(database: None) -> None:
    from shared.identity.adapters.attempt_limits import attempt_limits

    used_up, other = FORGOT_BY_ACCOUNT.by("a"), FORGOT_BY_ADDRESS.by("192.0.2.1")
    for _ in range(5):
        attempt_limits().count(used_up)
    for _ in range(5):
        with pytest.raises(LimitExceeded):
            attempt_limits().count(used_up, other)
    with pytest.raises(LimitExceeded):
        attempt_limits().check(other)


def test_a_cache_at_the_usual_port_need_not_name_it(database: None, services_folder: Path) -> None:
    from shared.identity.adapters.attempt_limits import CountedAttempts, cached_counters
    from shared.identity.adapters.limit_counters import PostgresCounters
    from shared.infrastructure.tokens import tokens

    attempt = FORGOT_BY_ACCOUNT.by(str(new_id()))
    with ExitStack() as stack:
        if not answers(_USUAL_PORT):
            stack.enter_context(memcached(services_folder / "usual", port=_USUAL_PORT))
        cached = cached_counters("memcached://127.0.0.1")
        assert isinstance(cached, MemcachedStorage)
        assert isinstance(cached.storage, PooledClient)
        stack.callback(cached.storage.close)
        limits = CountedAttempts(cached, PostgresCounters(), tokens())
        limits.count(attempt)
        assert limits.left(attempt) == 4
    with transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM limit_counters")) == 0
