"""Limits where the cache is a dictionary in the process, and names that make odd keys."""

import pytest
from limits.storage import MemoryStorage

from shared.identity.domain.attempts import (
    LOGIN_BY_ACCOUNT,
    LOGIN_BY_ADDRESS,
    REFRESH_BY_SESSION,
)
from shared.kernel.errors import LimitExceeded
from shared.kernel.ids import new_id


@pytest.mark.parametrize("email", ["ada@example.com", "ädä with blanks@example.com", "x" * 10_000])
def test_attempts_are_counted_in_the_process(database: None, email: str) -> None:
    from shared.identity.adapters.attempt_limits import CountedAttempts
    from shared.identity.adapters.limit_counters import PostgresCounters
    from shared.infrastructure.tokens import tokens

    limits = CountedAttempts(MemoryStorage(), PostgresCounters(), tokens())
    by_account = LOGIN_BY_ACCOUNT.by(email)
    for number in range(5):
        by_address = LOGIN_BY_ADDRESS.by(f"192.0.2.{number}")
        limits.check(by_account, by_address)
        limits.count(by_account, by_address)
    with pytest.raises(LimitExceeded) as refused:
        limits.check(by_account, LOGIN_BY_ADDRESS.by("192.0.2.99"))
    assert 14 * 60 < refused.value.retry_after <= 15 * 60
    limits.forget(by_account)
    limits.check(by_account, LOGIN_BY_ADDRESS.by("192.0.2.99"))


def test_each_name_and_each_limit_counts_by_itself(database: None) -> None:
    from shared.identity.adapters.attempt_limits import attempt_limits

    first, second = new_id(), new_id()
    for _ in range(10):
        attempt_limits().count(REFRESH_BY_SESSION.by(first))
    attempt_limits().count(REFRESH_BY_SESSION.by(second), LOGIN_BY_ACCOUNT.by(str(first)))
    with pytest.raises(LimitExceeded):
        attempt_limits().count(REFRESH_BY_SESSION.by(first))


def test_all_are_counted_whichever_is_used_up(database: None) -> None:
    from shared.identity.adapters.attempt_limits import attempt_limits

    used_up, other = LOGIN_BY_ACCOUNT.by("a"), LOGIN_BY_ADDRESS.by("192.0.2.1")
    for _ in range(5):
        attempt_limits().count(used_up)
    for _ in range(5):
        with pytest.raises(LimitExceeded):
            attempt_limits().count(used_up, other)
    with pytest.raises(LimitExceeded):
        attempt_limits().check(other)


def test_a_cache_at_the_usual_port_need_not_name_it(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.identity.adapters.attempt_limits import attempt_limits

    monkeypatch.setenv("CACHE_URL", "memcached://127.0.0.1")
    attempt_limits.__wrapped__().check(LOGIN_BY_ACCOUNT.by("ada@example.com"))
