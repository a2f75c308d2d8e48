"""Limits where the cache is a dictionary in the process, and names that make odd keys."""

import pytest
from limits.storage import MemoryStorage

from shared.kernel.errors import LimitExceeded
from shared.kernel.ids import new_id


@pytest.mark.parametrize("email", ["ada@example.com", "ädä with blanks@example.com", "x" * 10_000])
def test_failures_are_counted_in_the_process(database: None, email: str) -> None:
    from shared.identity.adapters.limit_counters import PostgresCounters
    from shared.identity.adapters.login_limits import CountedLoginLimits
    from shared.infrastructure.tokens import tokens

    limits = CountedLoginLimits(MemoryStorage(), PostgresCounters(), tokens())
    for number in range(5):
        limits.check_login(email, f"192.0.2.{number}")
        limits.count_failed_login(email, f"192.0.2.{number}")
    with pytest.raises(LimitExceeded) as refused:
        limits.check_login(email, "192.0.2.99")
    assert 14 * 60 < refused.value.retry_after <= 15 * 60
    limits.forget_failed_logins(email)
    limits.check_login(email, "192.0.2.99")


def test_refreshes_are_counted_by_session(database: None) -> None:
    from shared.identity.adapters.login_limits import login_limits

    first, second = new_id(), new_id()
    for _ in range(10):
        login_limits().count_refresh(first)
    login_limits().count_refresh(second)
    with pytest.raises(LimitExceeded):
        login_limits().count_refresh(first)


def test_a_cache_at_the_usual_port_need_not_name_it(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.identity.adapters.login_limits import login_limits

    monkeypatch.setenv("CACHE_URL", "memcached://127.0.0.1")
    login_limits.__wrapped__().check_login("ada@example.com", "192.0.2.1")
